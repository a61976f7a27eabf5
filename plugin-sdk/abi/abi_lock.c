#include "bio_export.h"
