#include <stdint.h>
int32_t bio_export_entry(void);
