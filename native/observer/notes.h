/* The notes: what is written down, and when. */
#ifndef PREFORK_OBSERVER_NOTES_H
#define PREFORK_OBSERVER_NOTES_H

#include "protocol.h"
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>

#define EXPORT __attribute__((visibility("default")))

/* The notes of this process, or null. Exported under this name: the addon knows by it that the observer lives
 * in the very process it is in (a shell script that went on as node might have had it and lost it). */
extern EXPORT struct pfi_notes_header *pfi_observer_notes;

/* After initialisation every interposed function is this and a tail call. */
static inline bool noting(void) {
    struct pfi_notes_header *notes = __atomic_load_n(&pfi_observer_notes, __ATOMIC_ACQUIRE);
    return __builtin_expect(notes && !__atomic_load_n(&notes->closed, __ATOMIC_RELAXED), false);
}

/* Starts noting into the memfd, for this process only. setup: that is the process which the launcher started.
 */
void notes_start(int fd, bool setup);

/* Whether this is the process that the launcher started, and no child of it. */
bool is_setup(void);

/* All of these leave errno alone. A name is absolute or relative to the directory. */

/* What became of an attempt to open; fd is -1 when it failed with errno. */
void note_opened(int fd, int directory, const char *name, int flags);
/* The same, for the addon, which remembers the line of the script. */
void tell_opened(int fd, const char *name, int flags);
/* A name was asked for, with this result (0 or -1 with errno); stat is what came of it, or null: then only
 * existence was asked for. */
void note_asked(int result, int directory, const char *name, const struct stat *stat);
/* The same for a caller's own statx. */
void note_statx(int result, int directory, const char *name, const struct statx *statx);
/* readlink was asked: the link itself is what counts. */
void note_link(int result, int directory, const char *name);
/* realpath was asked: all links on the way count. */
void note_way(bool found, const char *name);
/* Initialisation itself made, changed, moved or removed this. */
void note_written(int result, int directory, const char *name);
/* For a listing that one call reads whole: the directory's signature before, to be noted after. */
bool sign_directory(int directory, const char *name, struct pfi_signature *signature);
void note_listed(int directory, const char *name, const struct pfi_signature *signature);

/* Whether this is Node, and not a shell script that is to become Node. */
extern bool observer_is_in_node;

/* Set by the addon. A stream (fopen) is left out: Node writes its report of a heap that is full with one, and
 * what the addon does takes room there. */
extern EXPORT void (*pfi_observer_on_open)(int fd, const char *name, int flags);

/* Called by the addon before it closes the notes. */
EXPORT void pfi_observer_finish(void);

void note_variable(const char *name);
void note_all_variables(void);
/* The names of all, and not their values. */
void note_all_names(void);
/* By a child, for the process that started it. */
void note_inherited_variables(void);
void note_deletion(const char *name);
void note_cwd(void);
void note_umask(void);
void note_isatty(int fd);

#endif
