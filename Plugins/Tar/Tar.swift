@_cdecl("bio_export_entry") public func placeholderEntry() -> Int32 { 0 }
