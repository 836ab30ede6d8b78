#include "monotonic.h"
#include "signature.h"
#include "stale_store.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct stale *stale_new(void) {
    struct stale *stale = calloc(1, sizeof *stale);

    if (!stale) return NULL;
    stale->instance = -1;
    stale->shared = mmap(NULL, sizeof *stale->shared, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stale->shared == MAP_FAILED) {
        free(stale);
        return NULL;
    }
    return stale;
}

/* --- adding --- */

static bool remember_content(struct stale *stale, size_t index, uint64_t content) {
    if (index >= SHARED_CONTENTS) return false;
    atomic_store(&stale->shared->contents[index], content ? content : 1);
    return true;
}

static uint64_t remembered_content(const struct stale *stale, size_t index) {
    return index < SHARED_CONTENTS ? atomic_load(&stale->shared->contents[index]) : 0;
}

static bool grow_entries(struct stale *stale) {
    size_t room = stale->room ? stale->room * 2 : 256;
    struct entry *entries = realloc(stale->entries, room * sizeof *entries);

    if (!entries) return false;
    stale->entries = entries;
    stale->room = room;
    return true;
}

static bool list_file(struct stale *stale) {
    if (stale->file_count == stale->file_room) {
        size_t room = stale->file_room ? stale->file_room * 2 : 256;
        uint32_t *files = realloc(stale->files, room * sizeof *files);

        if (!files) return false;
        stale->files = files;
        stale->file_room = room;
    }
    stale->files[stale->file_count++] = (uint32_t)stale->count;
    return true;
}

static uint64_t hash_entry(enum entry_kind kind, const char *path) {
    return hash_bytes((uint64_t)kind + 100, path, strlen(path));
}

/* The first that was seen of a name counts. If a later look saw something else, it has changed since. */
bool stale_add_entry(struct stale *stale, enum entry_kind kind, const char *path,
                     const struct pfi_signature *signature, bool own) {
    uint64_t hash = hash_entry(kind, path);
    struct entry *entry;
    uint32_t index;

    if (table_get(&stale->known, hash, &index)) {
        entry = &stale->entries[index];
        if (signature && signature->flags & PFI_SIGNATURE_RACY) entry->lost = true;
        return true;
    }
    if (stale->count == stale->room && !grow_entries(stale)) return false;
    entry = &stale->entries[stale->count];
    *entry = (struct entry){.path = strdup(path), .kind = kind, .own = own};
    if (!entry->path) return false;
    if (signature) {
        entry->signature = *signature;
        entry->lost = signature->flags & PFI_SIGNATURE_RACY;
    }
    if ((kind == ENTRY_FILE && !own && !list_file(stale)) ||
        !table_put(&stale->known, hash, (uint32_t)stale->count)) {
        free(entry->path);
        return false;
    }
    stale->count++;
    return true;
}

bool stale_add(struct stale *stale, enum entry_kind kind, const char *path,
               const struct pfi_signature *signature) {
    return stale_add_entry(stale, kind, path, signature, false);
}

bool stale_remember(struct stale *stale, size_t index, const struct pfi_signature *signature) {
    struct entry *entry = &stale->entries[index];
    struct pfi_signature inside;
    uint64_t content;

    return look_inside(entry->path, entry->kind, &content, &inside) && same_stamps(signature, &inside) &&
           remember_content(stale, index, content);
}

static enum entry_kind kind_of(const struct pfi_signature *signature) {
    if (S_ISREG(signature->mode)) return ENTRY_FILE;
    return S_ISDIR(signature->mode) ? ENTRY_LISTING : ENTRY_EXISTENCE;
}

/* As stale_add_file; *at becomes the entry's index. */
static bool add_present(struct stale *stale, const char *path, struct pfi_signature *signature, size_t *at) {
    size_t before = stale->count;
    uint32_t index;
    bool there = look(path, true, signature);
    enum entry_kind kind = there ? kind_of(signature) : ENTRY_MISSING;

    if (!stale_add(stale, kind, path, there ? signature : NULL)) return false;
    *at = table_get(&stale->known, hash_entry(kind, path), &index) ? index : before;
    if (there && stale->count != before && kind != ENTRY_EXISTENCE && !tick_has_passed(signature)) {
        stale->entries[*at].racy = true;
        stale_remember(stale, *at, signature);
    }
    return true;
}

bool stale_add_file(struct stale *stale, const char *path) {
    struct pfi_signature signature;
    size_t index;

    return add_present(stale, path, &signature, &index);
}

/* Stamps of whole seconds are cut, so an equal second may be later. */
static bool is_later(int64_t sec, int64_t nsec, struct timespec than) {
    return sec > than.tv_sec || (sec == than.tv_sec && (nsec > than.tv_nsec || !nsec));
}

bool stale_add_file_older_than(struct stale *stale, const char *path, struct timespec start) {
    struct pfi_signature signature;
    struct entry *entry;
    size_t index;

    if (!add_present(stale, path, &signature, &index)) return false;
    entry = &stale->entries[index];
    if (entry->kind != ENTRY_MISSING && (is_later(signature.mtime_sec, signature.mtime_nsec, start) ||
                                         is_later(signature.ctime_sec, signature.ctime_nsec, start)))
        entry->lost = true;
    return true;
}

size_t stale_count(const struct stale *stale) {
    return stale->file_count;
}

const struct pfi_signature *stale_file(const struct stale *stale, size_t index, const char **path) {
    const struct entry *entry;

    if (index >= stale->file_count) return NULL;
    entry = &stale->entries[stale->files[index]];
    *path = entry->path;
    return &entry->signature;
}

/* --- comparing --- */

/* The stamps differ, or cannot be trusted: then the content decides, if it is known from before. A touched
 * file counts as edited: mtime is compared before. */
static bool same_content(struct stale *stale, size_t index) {
    struct entry *entry = &stale->entries[index];
    uint64_t before = remembered_content(stale, index);
    struct pfi_signature now;
    uint64_t content;

    if (!before || !look_inside(entry->path, entry->kind, &content, &now) ||
        (content ? content : 1) != before)
        return false;
    if (!entry->own && (now.device != entry->signature.device || now.inode != entry->signature.inode))
        return false;
    if (!entry->own && entry->kind != ENTRY_LISTING &&
        (now.size != entry->signature.size || now.mtime_sec != entry->signature.mtime_sec ||
         now.mtime_nsec != entry->signature.mtime_nsec))
        return false;
    entry->signature = now;
    entry->racy = !tick_has_passed(&now);
    return true;
}

static bool look_again(const struct entry *entry, bool follow, struct pfi_signature *now) {
    return entry->polled ? look_afresh(entry->path, follow, now) : look(entry->path, follow, now);
}

static bool same_file(struct stale *stale, size_t index) {
    const struct entry *entry = &stale->entries[index];
    struct pfi_signature now;

    if (!look_again(entry, entry->kind != ENTRY_LINK, &now)) return false;
    if (!entry->racy && same_stamps(&now, &entry->signature)) return true;
    if (entry->own) return same_content(stale, index);
    if (now.device != entry->signature.device || now.inode != entry->signature.inode) return false;
    if (entry->kind == ENTRY_LISTING && !entry->racy && now.mtime_sec == entry->signature.mtime_sec &&
        now.mtime_nsec == entry->signature.mtime_nsec)
        return true;
    return same_content(stale, index);
}

static bool is_same(struct stale *stale, size_t index) {
    const struct entry *entry = &stale->entries[index];
    struct pfi_signature now;
    bool there;

    if (entry->lost) return false;
    switch (entry->kind) {
    case ENTRY_FILE:
    case ENTRY_LINK:
    case ENTRY_LISTING:
        return same_file(stale, index);
    case ENTRY_EXISTENCE:
    case ENTRY_MISSING:
        there = look_again(entry, true, &now);
        if (entry->kind == ENTRY_MISSING) return !there;
        return there && (!entry->signature.mode || (now.mode & S_IFMT) == (entry->signature.mode & S_IFMT));
    case ENTRY_PLACE:
        return look_again(entry, false, &now) && now.device == entry->signature.device &&
               now.inode == entry->signature.inode;
    case ENTRY_HELD:
        return look_again(entry, true, &now) && now.device == entry->signature.device &&
               now.inode == entry->signature.inode;
    }
    return false;
}

static bool socket_is_gone(const struct stale *stale) {
    struct pfi_signature now;

    return stale->socket && (!look(stale->socket, false, &now) || now.device != stale->socket_device ||
                             now.inode != stale->socket_inode);
}

enum stale_verdict stale_verdict(const struct stale *stale, const char **path) {
    if (path) *path = stale->changed ? stale->entries[stale->changed - 1].path : NULL;
    return stale->verdict;
}

bool stale_is_own(const struct stale *stale) {
    return stale->changed && stale->entries[stale->changed - 1].own;
}

enum stale_verdict stale_verify(struct stale *stale, const char **path) {
    stale->verdict = STALE_FRESH;
    stale->changed = 0;
    for (size_t i = 0; i < stale->count && !stale->changed; i++)
        if (!is_same(stale, i)) stale->changed = i + 1;
    if (!stale->changed && atomic_load(&stale->shared->flags) & SHARED_STALE)
        stale->changed = atomic_load(&stale->shared->changed);
    if (stale->changed || atomic_load(&stale->shared->flags) & SHARED_STALE)
        stale->verdict = STALE_CHANGED;
    else if (socket_is_gone(stale))
        stale->verdict = STALE_SOCKET_GONE;
    return stale_verdict(stale, path);
}

void stale_set(struct stale *stale) {
    if (stale->changed) atomic_store(&stale->shared->changed, (uint32_t)stale->changed);
    atomic_fetch_or(&stale->shared->flags, SHARED_STALE);
}

void stale_turn_away(struct stale *stale) {
    atomic_fetch_add(&stale->shared->turned_away, 1);
    stale_set(stale);
}

uint32_t stale_turned_away(const struct stale *stale) {
    return atomic_load(&stale->shared->turned_away);
}

static bool is_pending(const struct stale *stale) {
    struct pollfd instance = {.fd = stale->instance, .events = POLLIN};

    return stale->instance >= 0 && poll(&instance, 1, 0) != 0;
}

/* The instance is asked before the flag: the server sets the flag before it takes events away. */
bool stale_suspect(struct stale *stale) {
    if (is_pending(stale) || atomic_load(&stale->shared->flags)) return true;
    for (size_t i = 0; i < stale->count; i++)
        if ((stale->entries[i].polled || stale->instance < 0) && !is_same(stale, i)) return true;
    return stale->instance < 0 && socket_is_gone(stale);
}

/* --- remembering contents --- */

/* What is read now counts only if the stamps are still those noted, before and after reading. */
static void settle(struct stale *stale, size_t index) {
    struct entry *entry = &stale->entries[index];
    struct pfi_signature now;
    uint64_t content;

    if (entry->kind > ENTRY_LISTING || entry->racy || remembered_content(stale, index)) return;
    if (look_inside(entry->path, entry->kind, &content, &now) && same_stamps(&now, &entry->signature))
        remember_content(stale, index, content);
}

bool stale_settle(struct stale *stale, unsigned milliseconds) {
    int64_t end = monotonic_ms() + milliseconds;

    while (stale->settled < stale->count) {
        settle(stale, stale->settled++);
        if (monotonic_ms() >= end) break;
    }
    return stale->settled >= stale->count;
}

void stale_close(struct stale *stale) {
    if (stale->instance >= 0) close(stale->instance);
    stale->instance = -1;
}
