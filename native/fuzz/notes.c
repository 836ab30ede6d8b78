/* The observer's notes: read for themselves, from memory that ends where they end, and taken over into a
 * store. */
#include "addon/notes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "addon/stale_store.h"
#include "harness.h"

/* By this the reader finds that there is an observer in its process. */
__attribute__((visibility("default"))) const void *pfi_observer_notes = &pfi_observer_notes;

static void read_all(const uint8_t *data, size_t size) {
    struct note note;
    size_t at = 0, length = 0;
    char *records = malloc(size + 1);
    memcpy(records, data, size);
    char *exact = realloc(records, size ? size : 1);
    while (notes_next(exact, &at, size, &note)) {
        length += strlen(note.name);
        fuzz_check(at <= size, "the next note is behind the end");
    }
    fuzz_check(length <= size, "names are longer than the notes");
    free(exact);
}

/* One memfd for all inputs: its header says how much of it counts. */
static int fill(const uint8_t *data, size_t size) {
    static int fd = -1;
    static struct pfi_notes_header *header;
    if (fd < 0) {
        fd = memfd_create("notes", MFD_CLOEXEC);
        fuzz_check(fd >= 0 && ftruncate(fd, PFI_NOTES_SIZE) == 0, "notes can be made");
        header = mmap(NULL, PFI_NOTES_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    *header = (struct pfi_notes_header){.magic = PFI_NOTES_MAGIC, .used = (uint32_t)size};
    memcpy(header + 1, data, size);
    return fd;
}

/* A store lives as long as its process. */
static void forget(struct stale *stale) {
    for (size_t i = 0; i < stale->count; i++)
        free(stale->entries[i].path);
    stale->count = stale->file_count = 0;
    table_clear(&stale->known);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    read_all(data, size);
    static struct stale *stale;
    if (!stale) stale = stale_new();
    fuzz_check(stale != NULL, "a store can be made");
    stale_add_notes(stale, fill(data, size));
    forget(stale);
    return 0;
}
