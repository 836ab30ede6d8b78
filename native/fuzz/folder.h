/* A folder of the driver's own, with a file that holds the input. */
#ifndef FUZZ_FOLDER_H
#define FUZZ_FOLDER_H

#include <stddef.h>
#include <stdint.h>

#define FUZZ_FILE "input"

/* Its descriptor; the folder is in memory where there is /dev/shm, and goes when the driver ends. */
int fuzz_folder(void);

/* Writes the input into FUZZ_FILE. */
void fuzz_write(const uint8_t *data, size_t size);

#endif
