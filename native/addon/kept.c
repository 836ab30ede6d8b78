#include "kept.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "notes.h"
#include "small_file.h"

extern char **environ;

/* In the environment of a setup for other reasons. */
static const char *const ours[] = {"PREFORK_INTERP", "LD_PRELOAD"};

static struct {
    const char *strings, *end; /* the environment that the process was started with */
    struct stat directory;
    mode_t umask;
    bool directory_changed, umask_changed;
    const char **changes; /* NAME=VALUE, or NAME where it was deleted */
    size_t count, room;
    const char *deleted; /* names, one behind the other; the last is empty */
} kept;

/* Without umask(), which can only ask by setting another: what one of Node's threads makes in that moment
 * would have it. Before Linux 4.7 nobody else tells. */
static mode_t read_umask(void) {
    char status[1024];
    unsigned mask;
    read_small("/proc/self/status", status, sizeof status);
    const char *line = strstr(status, "\nUmask:");
    if (line && sscanf(line, "\nUmask: %o", &mask) == 1) return mask;
    mask = umask(077);
    umask(mask);
    return mask;
}

static void look(struct stat *directory, mode_t *mask) {
    memset(directory, 0, sizeof *directory);
    fstat(AT_FDCWD, directory);
    *mask = read_umask();
}

void kept_note(const char *environment, size_t size) {
    kept.strings = environment;
    kept.end = environment + size;
    look(&kept.directory, &kept.umask);
}

static size_t name_length(const char *variable) {
    return strcspn(variable, "=");
}

static bool same_name(const char *one, const char *other) {
    size_t length = name_length(one);
    return name_length(other) == length && memcmp(one, other, length) == 0;
}

static bool is_ours(const char *variable) {
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (same_name(variable, ours[i])) return true;
    return false;
}

/* Comes before a change is copied, so that no copy is left over where there is no memory. */
static bool make_room(void) {
    if (kept.count < kept.room) return true;
    size_t room = kept.room ? kept.room * 2 : 16;
    const char **larger = realloc(kept.changes, room * sizeof *larger);
    if (!larger) return false;
    kept.changes = larger;
    kept.room = room;
    return true;
}

static void add_change(const char *change) {
    if (make_room()) kept.changes[kept.count++] = change;
}

static void add_copy(const char *string, size_t length) {
    if (!make_room()) return;
    char *copy = strndup(string, length);
    if (copy) kept.changes[kept.count++] = copy;
}

static bool has(char *const *environment, const char *name) {
    for (; *environment; environment++)
        if (same_name(*environment, name)) return true;
    return false;
}

/* What has been set since then lies elsewhere, also if its value is the same. */
static bool was_there(const char *variable) {
    return variable >= kept.strings && variable < kept.end;
}

/* Both lists are in the same order, but for what has changed: a search begins where the last one has ended.
 */
static bool is_there(const char *variable, char ***at) {
    char **start = *at;
    for (char **one = start; *one; one++) {
        if (!same_name(*one, variable)) continue;
        *at = one + 1;
        return true;
    }
    for (char **one = environ; one < start; one++)
        if (same_name(*one, variable)) return true;
    return false;
}

void kept_take_notes(int fd) {
    struct notes notes;
    struct note note;
    size_t at = 0, size = 0;
    if (!notes_open(fd, &notes)) return;
    notes_close(&notes);
    char *names = malloc(notes.end + 1);
    while (names && notes_next(notes.records, &at, notes.end, &note)) {
        if (note.kind == PFI_NOTE_UNSET) size += strlen(strcpy(names + size, note.name)) + 1;
    }
    if (names) {
        names[size++] = '\0';
        kept.deleted = realloc(names, size);
    }
    notes_free(&notes);
}

/* What a script assigns later takes the place of these strings, so they are copied. */
static void compare_environment(void) {
    for (char **variable = environ; *variable; variable++)
        if (!was_there(*variable) && !is_ours(*variable)) add_copy(*variable, strlen(*variable));
    char **now = environ;
    for (const char *one = kept.strings; one < kept.end; one += strlen(one) + 1)
        if (!is_there(one, &now) && !is_ours(one)) add_copy(one, name_length(one));
    for (const char *one = kept.deleted; one && *one; one += strlen(one) + 1)
        if (!has(environ, one) && !is_ours(one)) add_change(one);
}

void kept_compare(void) {
    struct stat directory;
    mode_t mask;
    if (!kept.strings) return;
    kept.count = 0;
    look(&directory, &mask);
    kept.directory_changed =
        directory.st_dev != kept.directory.st_dev || directory.st_ino != kept.directory.st_ino;
    kept.umask_changed = mask != kept.umask;
    compare_environment();
}

static const char *change_of(const char *variable) {
    for (size_t i = 0; i < kept.count; i++)
        if (same_name(kept.changes[i], variable)) return kept.changes[i];
    return NULL;
}

static bool is_deletion(const char *change) {
    return change[name_length(change)] == '\0';
}

char **kept_environment(char **callers) {
    size_t count = 0, used = 0;
    if (kept.count == 0) return callers;
    while (callers[count])
        count++;
    char **environment = malloc((count + kept.count + 1) * sizeof *environment);
    if (!environment) return callers;
    for (size_t i = 0; i < count; i++) {
        const char *change = change_of(callers[i]);
        if (!change)
            environment[used++] = callers[i];
        else if (!is_deletion(change))
            environment[used++] = (char *)(size_t)change;
    }
    for (size_t i = 0; i < kept.count; i++)
        if (!is_deletion(kept.changes[i]) && !has(callers, kept.changes[i]))
            environment[used++] = (char *)(size_t)kept.changes[i];
    environment[used] = NULL;
    return environment;
}

bool kept_directory(void) {
    return kept.directory_changed;
}

bool kept_umask(void) {
    return kept.umask_changed;
}
