/* Reading what the observer noted. */
#ifndef PREFORK_NOTES_H
#define PREFORK_NOTES_H

#include "protocol.h"
#include <stdbool.h>
#include <stddef.h>

struct note {
    char kind;
    struct pfi_signature signature;
    const char *name;
};

struct notes {
    struct pfi_notes_header *header;
    const char *records;
    size_t end;
    bool whole; /* they have not overflowed; set by notes_close */
};

/* Maps them. False where the observer is not in this very process: a shell script that then became node may
 * have lost it. */
bool notes_open(int fd, struct notes *notes);

/* Whether it is known of all programs that became this one what they looked at. fd: the launcher's notes. */
bool notes_are_of_all(int fd);

/* Initialisation is complete: nothing more is noted, and what there is can be read. Can be done again. */
void notes_close(struct notes *notes);

/* Reads the note at *at and moves on. Returns false at the end, and when the notes cannot be understood: then
 * *at is not the end. */
bool notes_next(const char *records, size_t *at, size_t end, struct note *note);

bool note_has_signature(char kind);

void notes_free(struct notes *notes);

#endif
