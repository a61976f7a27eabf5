extern int bio_CCrypto_placeholder;
