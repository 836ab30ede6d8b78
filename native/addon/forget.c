#include "forget.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kept.h"
#include "notes.h"
#include "variables.h"

extern char **environ;

/* What the server itself needs, what a call's time zone is compared with, and by what a person finds out
 * whose process it is. */
static const char *const needed[] = {"HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "TZ"};

static struct {
    char *strings, *end;
    char *looked_at; /* names, one behind the other; the last is empty. NULL: all, or it is not known */
} caller;

void forget_note_environment(const char *strings, size_t size) {
    caller.strings = (char *)(size_t)strings;
    caller.end = caller.strings + size;
}

/* Behind the notes the launcher has written the whole environment. A memfd is cut where nothing seals it. */
static void drop_surroundings(int fd) {
    struct stat file;
    if (fstat(fd, &file) != 0 || file.st_size <= (off_t)PFI_NOTES_SIZE) return;
    while (ftruncate(fd, PFI_NOTES_SIZE) != 0 && errno == EINTR)
        continue;
}

void forget_take_notes(int fd) {
    struct notes notes;
    struct note note;
    size_t at = 0, size = 0;
    if (fd >= 0) drop_surroundings(fd);
    if (!notes_open(fd, &notes)) return;
    notes_close(&notes);
    char *names = malloc(notes.end + 1);
    bool known = names && notes.whole;
    while (known && at < notes.end) {
        if (!notes_next(notes.records, &at, notes.end, &note) || note.kind == PFI_NOTE_ALL_ENV)
            known = false;
        else if (note.kind == PFI_NOTE_ENV)
            size += strlen(strcpy(names + size, note.name)) + 1;
    }
    notes_free(&notes);
    if (known) names[size] = '\0';
    if (known) caller.looked_at = names;
    if (!known) free(names);
}

static bool has_name(const char *variable, const char *name) {
    size_t length = strlen(name);
    return !strncmp(variable, name, length) && variable[length] == '=';
}

static bool is_needed(const char *variable) {
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (has_name(variable, needed[i])) return true;
    return is_unseen(variable);
}

static bool is_looked_at(const char *variable) {
    for (const char *name = caller.looked_at; *name; name += strlen(name) + 1)
        if (has_name(variable, name)) return true;
    return false;
}

/* Whether the environment still has this very string: what initialisation has replaced or deleted it has not.
 */
static bool is_in_use(const char *variable) {
    for (char **one = environ; *one; one++)
        if (*one == variable) return true;
    return false;
}

static void drop_empty(void) {
    char **to = environ;
    for (char **from = environ; *from; from++)
        if (**from) *to++ = *from;
    *to = NULL;
}

static void forget_environment(void) {
    if (!caller.looked_at || !environ) return;
    for (char *one = caller.strings; one < caller.end;) {
        size_t length = strlen(one);
        if (!is_in_use(one) || !(is_needed(one) || is_looked_at(one))) explicit_bzero(one, length);
        one += length + 1;
    }
    drop_empty();
    free(caller.looked_at);
    caller.looked_at = NULL;
}

/* Where initialisation has chosen a directory its calls are there. Into one that may not be searched nobody
 * could go back. */
static void leave_directory(void) {
    if (kept_directory()) return;
    int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (here < 0) return;
    if (fchdir(here) != 0 || chdir("/") != 0) errno = 0; /* it stays */
    close(here);
}

void forget_caller(void) {
    forget_environment();
    leave_directory();
}
