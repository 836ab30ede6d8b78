#include "notes.h"

#include <dlfcn.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define CAPACITY (PFI_NOTES_SIZE - sizeof(struct pfi_notes_header))
/* A thread in the middle of a note needs microseconds; but it may not have a processor. */
#define UNFINISHED_WAITS 200

static bool observer_is_here(void) {
    struct pfi_notes_header **notes = dlsym(RTLD_DEFAULT, "pfi_observer_notes");

    return notes && *notes;
}

bool notes_open(int fd, struct notes *notes) {
    *notes = (struct notes){0};
    if (!observer_is_here()) return false;
    notes->header = mmap(NULL, PFI_NOTES_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (notes->header == MAP_FAILED) return false;
    notes->records = (const char *)(notes->header + 1);
    if (notes->header->magic == PFI_NOTES_MAGIC) return true;
    notes_free(notes);
    return false;
}

bool notes_are_of_all(int fd) {
    struct pfi_notes_header header;

    if (pread(fd, &header, sizeof header, 0) != (ssize_t)sizeof header) return false;
    return !header.unobserved && program_is(header.program, program_of_self());
}

void notes_close(struct notes *notes) {
    void (*finish)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "pfi_observer_finish");
    size_t used;

    if (finish && !__atomic_load_n(&notes->header->closed, __ATOMIC_SEQ_CST)) finish();
    __atomic_store_n(&notes->header->closed, 1, __ATOMIC_SEQ_CST);
    used = __atomic_load_n(&notes->header->used, __ATOMIC_ACQUIRE);
    notes->whole = !__atomic_load_n(&notes->header->overflow, __ATOMIC_ACQUIRE) && used <= CAPACITY;
    notes->end = used <= CAPACITY ? used : CAPACITY;
}

void notes_free(struct notes *notes) {
    munmap(notes->header, PFI_NOTES_SIZE);
}

bool note_has_signature(char kind) {
    return kind == PFI_NOTE_FILE || kind == PFI_NOTE_STAT;
}

bool notes_next(const char *records, size_t *at, size_t end, struct note *note) {
    const char *kind = records + *at;
    size_t fixed = 1;

    if (*at >= end) return false;
    for (int i = 0; !(note->kind = __atomic_load_n(kind, __ATOMIC_ACQUIRE)); i++) {
        if (i == UNFINISHED_WAITS) return false;
        nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
    }
    note->signature = (struct pfi_signature){0};
    if (note_has_signature(note->kind)) {
        fixed += sizeof note->signature;
        if (end - *at <= fixed) return false;
        memcpy(&note->signature, kind + 1, sizeof note->signature);
    }
    note->name = kind + fixed;
    if (!memchr(note->name, 0, end - *at - fixed)) return false;
    *at += fixed + strlen(note->name) + 1;
    return true;
}
