extern int bio_CCompress_placeholder;
