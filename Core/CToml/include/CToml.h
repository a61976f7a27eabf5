extern int bio_CToml_placeholder;
