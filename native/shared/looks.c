#include "looks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entry.h"

/* The first line; then a line each: `iPATTERN` names to be ignored, `a` all variables, `n` the names of all,
 * `f` the fixed list, `d` the directory, `k` the umask, `t0` a descriptor, `eNAME` a variable. */
#define FIRST_LINE "looks 1\n"

enum weight looks_weight(const struct looks *looks, const char *variable) {
    if (is_in(looks->ignored, looks->ignored_count, variable)) return WEIGHT_NONE;
    return weight_of(variable);
}

static void forget_covered(struct looks *looks) {
    size_t kept = 0;
    for (size_t i = 0; i < looks->count; i++)
        if (looks_weight(looks, looks->names[i]) != WEIGHT_VALUE) looks->names[kept++] = looks->names[i];
    looks->count = kept;
}

void looks_add_all(struct looks *looks) {
    if (!looks->all) forget_covered(looks);
    looks->all = true;
}

static const char *keep_text(struct looks *looks, const char *text) {
    size_t length = strlen(text) + 1;
    if (length > sizeof looks->text - looks->used) return NULL;
    char *kept = memcpy(looks->text + looks->used, text, length);
    looks->used += length;
    return kept;
}

bool looks_ignore(struct looks *looks, const char *pattern) {
    if (looks->ignored_count == LOOKS_IGNORED_MAX || !*pattern || strpbrk(pattern, "=\n")) return false;
    const char *kept = keep_text(looks, pattern);
    if (kept) looks->ignored[looks->ignored_count++] = kept;
    return kept;
}

/* Where a name is, or belongs. */
static size_t find(const struct looks *looks, const char *name, bool *found) {
    size_t low = 0, high = looks->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(looks->names[middle], name);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *found = false;
    return low;
}

void looks_add(struct looks *looks, const char *name) {
    bool found;
    size_t at = find(looks, name, &found);
    /* No variable has such a name. */
    if (found || !*name || strchr(name, '=') || is_our_variable(name)) return;
    if (looks->all && looks_weight(looks, name) == WEIGHT_VALUE) return;
    const char *kept = looks->count == LOOKS_NAMES_MAX || strchr(name, '\n') ? NULL : keep_text(looks, name);
    if (!kept) {
        looks_add_all(looks);
        return;
    }
    memmove(looks->names + at + 1, looks->names + at, (looks->count - at) * sizeof *looks->names);
    looks->names[at] = kept;
    looks->count++;
}

void looks_merge(struct looks *looks, const struct looks *other) {
    looks->ignored_count = 0;
    for (size_t i = 0; i < other->ignored_count; i++)
        looks_ignore(looks, other->ignored[i]);
    if (other->all) looks_add_all(looks);
    looks->listed |= other->listed;
    looks->fixed |= other->fixed;
    looks->directory |= other->directory;
    looks->umask |= other->umask;
    for (int fd = 0; fd < 3; fd++)
        looks->terminals[fd] |= other->terminals[fd];
    for (size_t i = 0; i < other->count; i++)
        looks_add(looks, other->names[i]);
    if (looks->all) forget_covered(looks); /* by what was ignored before */
}

static bool same_texts(const char *const *one, const char *const *other, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(one[i], other[i]) != 0) return false;
    return true;
}

bool looks_same(const struct looks *one, const struct looks *other) {
    return one->all == other->all && one->listed == other->listed && one->fixed == other->fixed &&
           one->directory == other->directory && one->umask == other->umask &&
           !memcmp(one->terminals, other->terminals, sizeof one->terminals) && one->count == other->count &&
           one->ignored_count == other->ignored_count && same_texts(one->names, other->names, one->count) &&
           same_texts(one->ignored, other->ignored, one->ignored_count);
}

static bool take_line(struct looks *looks, char *line) {
    switch (*line) {
    case 'a':
        looks->all = true;
        return !line[1];
    case 'n':
        looks->listed = true;
        return !line[1];
    case 'i':
        if (looks->ignored_count == LOOKS_IGNORED_MAX || !line[1]) return false;
        looks->ignored[looks->ignored_count++] = line + 1;
        return true;
    case 'f':
        looks->fixed = true;
        return !line[1];
    case 'd':
        looks->directory = true;
        return !line[1];
    case 'k':
        looks->umask = true;
        return !line[1];
    case 't':
        if (line[1] < '0' || line[1] > '2' || line[2]) return false;
        looks->terminals[line[1] - '0'] = true;
        return true;
    case 'e':
        if (looks->count == LOOKS_NAMES_MAX ||
            (looks->count && strcmp(looks->names[looks->count - 1], line + 1) >= 0))
            return false;
        looks->names[looks->count++] = line + 1;
        return true;
    default:
        return false;
    }
}

/* Names stay where they were read: a warm call waits for this. */
static bool parse(struct looks *looks, size_t size) {
    size_t first = strlen(FIRST_LINE);
    if (size < first || looks->text[size - 1] != '\n' || memcmp(looks->text, FIRST_LINE, first) != 0)
        return false;
    looks->used = size;
    for (char *line = looks->text + first, *end; line < looks->text + size; line = end + 1) {
        end = memchr(line, '\n', (size_t)(looks->text + size - line));
        *end = '\0';
        if (!take_line(looks, line)) return false;
    }
    return true;
}

static void clear(struct looks *looks) {
    looks->all = looks->listed = looks->fixed = looks->directory = looks->umask = false;
    memset(looks->terminals, 0, sizeof looks->terminals);
    looks->count = looks->ignored_count = looks->used = 0;
}

static ssize_t read_text(int fd, struct looks *looks) {
    struct stat file;
    if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || file.st_uid != geteuid() || file.st_nlink != 1 ||
        file.st_mode & 077 || file.st_size > (off_t)sizeof looks->text)
        return -1;
    return read(fd, looks->text, sizeof looks->text);
}

void looks_read(int directory, const char *name, struct looks *looks) {
    clear(looks);
    int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return;
    ssize_t size = read_text(fd, looks);
    close(fd);
    if (size <= 0 || !parse(looks, (size_t)size)) clear(looks);
}

static size_t print(const struct looks *looks, char *text) {
    char *end = stpcpy(text, FIRST_LINE);
    for (size_t i = 0; i < looks->ignored_count; i++)
        end += sprintf(end, "i%s\n", looks->ignored[i]);
    if (looks->all) end = stpcpy(end, "a\n");
    if (looks->listed) end = stpcpy(end, "n\n");
    if (looks->fixed) end = stpcpy(end, "f\n");
    if (looks->directory) end = stpcpy(end, "d\n");
    if (looks->umask) end = stpcpy(end, "k\n");
    for (int fd = 0; fd < 3; fd++)
        if (looks->terminals[fd]) end += sprintf(end, "t%d\n", fd);
    for (size_t i = 0; i < looks->count; i++)
        end += sprintf(end, "e%s\n", looks->names[i]);
    return (size_t)(end - text);
}

bool looks_write(int directory, const char *name, const struct looks *looks) {
    static char text[LOOKS_TEXT_MAX + (LOOKS_NAMES_MAX + LOOKS_IGNORED_MAX) * 2 + 256];
    char temporary[128];
    size_t size = print(looks, text);
    if (size > LOOKS_TEXT_MAX) {
        errno = EFBIG;
        return false;
    }
    snprintf(temporary, sizeof temporary, "%s.new", name);
    entry_clear(directory, temporary); /* of one that was killed in the middle, if there is any */
    int fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) return false;
    bool written = write(fd, text, size) == (ssize_t)size;
    int reason = written ? 0 : errno;
    close(fd);
    if (written && renameat(directory, temporary, directory, name) == 0) return true;
    if (written && errno == EISDIR && entry_clear(directory, name) &&
        renameat(directory, temporary, directory, name) == 0)
        return true;
    if (written) reason = errno;
    unlinkat(directory, temporary, 0);
    errno = reason;
    return false;
}
