extern int bio_CArchive_placeholder;
