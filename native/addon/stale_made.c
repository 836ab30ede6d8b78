/* What initialisation itself made, changed, moved or removed: signed when initialisation is complete, and
 * watched from then on. docs/staleness.md has the table. */
#include "signature.h"
#include "stale_store.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of what initialisation wrote, so much is read before the first call: it is replaced by the same sooner than
 * other files are touched. */
#define OWN_SIZE_MAX (8u << 20)
#define OWN_TICK_WAITS 16

/* Until its content is known, there are only the stamps of what may have been written just now. */
static void sign_settled(struct entry *entry) {
    static int waits;

    while (!tick_has_passed(&entry->signature) && waits++ < OWN_TICK_WAITS) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        look(entry->path, entry->kind != ENTRY_LINK, &entry->signature);
    }
}

static bool add_own(struct stale *stale, enum entry_kind kind, const char *path,
                    const struct pfi_signature *signature, bool missed) {
    size_t at = stale->count;
    struct entry *entry;

    if (!stale_add_entry(stale, kind, path, signature, true)) return false;
    if (stale->count == at) return true;
    entry = &stale->entries[at];
    entry->missed = missed;
    if (kind > ENTRY_LISTING) return true;
    stale->own_size += signature->size;
    if (stale->own_size <= OWN_SIZE_MAX && stale_remember(stale, at, signature))
        entry->racy = !tick_has_passed(signature);
    else
        sign_settled(entry);
    return true;
}

/* Removed again. What was found there before may come back, and a plain run would find it; a lock or a
 * temporary file that was made and removed means nothing to anybody. */
static bool add_removed(struct stale *stale, const char *path, unsigned what) {
    return !(what & MADE_FOUND) || add_own(stale, ENTRY_MISSING, path, NULL, false);
}

/* What was read, or would be read by a run that finds it there, counts by its content. */
static bool add_target(struct stale *stale, const char *path, unsigned what) {
    bool content = what & (MADE_READ | MADE_MISSED);
    struct pfi_signature now;

    if (!look(path, true, &now)) return true;
    return add_own(stale, content && S_ISREG(now.mode) ? ENTRY_FILE : ENTRY_EXISTENCE, path, &now,
                   !(what & MADE_READ));
}

bool stale_add_made(struct stale *stale, const char *path, unsigned what) {
    struct pfi_signature now;

    if (!look(path, false, &now)) return add_removed(stale, path, what);
    /* Made, or written through: either way it is to lead where it leads now. */
    if (S_ISLNK(now.mode) && !add_own(stale, ENTRY_LINK, path, &now, false)) return false;
    return add_target(stale, path, what);
}

/* --- what is open --- */

/* One that was not read counts by its name alone, also if it had been looked for. */
static bool hold_entry(struct stale *stale, size_t index) {
    struct entry *entry = &stale->entries[index];

    if (entry->kind == ENTRY_FILE && !entry->missed)
        return add_own(stale, ENTRY_HELD, entry->path, &entry->signature, false);
    entry->kind = ENTRY_HELD;
    return true;
}

static bool is_of(const struct entry *entry, const struct stat *file) {
    return entry->own &&
           (entry->kind == ENTRY_FILE || entry->kind == ENTRY_EXISTENCE || entry->kind == ENTRY_HELD) &&
           entry->signature.device == file->st_dev && entry->signature.inode == file->st_ino;
}

/* By the name that the kernel tells, where nobody noted how it was opened. */
static bool hold_by_name(struct stale *stale, int descriptor, const struct pfi_signature *signature) {
    struct pfi_signature named;
    char link[sizeof "/proc/self/fd/-2147483648"], path[PATH_MAX];
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0 || *path != '/') return true;
    path[length] = 0;
    if (!look(path, true, &named) || named.device != signature->device || named.inode != signature->inode)
        return true; /* removed: a file without a name is its own */
    return add_own(stale, ENTRY_HELD, path, signature, false);
}

bool stale_hold(struct stale *stale, int descriptor) {
    struct stat file;
    struct pfi_signature signature;
    size_t count = stale->count;
    bool known = false, held = true;

    if (fstat(descriptor, &file) < 0) return true;
    for (size_t i = 0; i < count; i++) {
        if (!is_of(&stale->entries[i], &file)) continue;
        known = true;
        held &= hold_entry(stale, i);
    }
    signature = signature_of(&file);
    return known ? held : hold_by_name(stale, descriptor, &signature);
}
