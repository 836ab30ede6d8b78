/* The file of looks: what is understood is written and read again, and taken together with itself. */
#include "looks.h"

#include <string.h>

#include "folder.h"
#include "harness.h"

static struct looks looks, copy;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    int folder = fuzz_folder();
    fuzz_write(data, size);
    looks_read(folder, FUZZ_FILE, &looks);
    for (size_t i = 1; i < looks.count; i++)
        fuzz_check(strcmp(looks.names[i - 1], looks.names[i]) < 0, "the names are in order");
    if (!looks_write(folder, "copy", &looks)) return 0;
    looks_read(folder, "copy", &copy);
    fuzz_check(looks_same(&looks, &copy), "what was written is read again");
    looks_merge(&copy, &looks);
    return 0;
}
