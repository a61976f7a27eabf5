extern int bio_CSodium_placeholder;
