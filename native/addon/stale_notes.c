/* Taking the observer's notes over. */
#include "notes.h"
#include "stale_store.h"
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* What initialisation wrote, by path and by inode, and the directories it did that in: not to be watched. */
struct written {
    struct table paths, parents;
    bool memory_lacks;
};

static uint64_t hash_path(const char *path, size_t length) {
    return hash_bytes(10, path, length);
}

static uint64_t hash_inode(const struct pfi_signature *signature) {
    uint64_t pair[2] = {signature->device, signature->inode};

    return hash_bytes(11, pair, sizeof pair);
}

static void put_path(struct table *table, const char *path, size_t length, struct written *written) {
    struct pfi_signature now;
    char copy[PATH_MAX];

    if (!length || length >= sizeof copy) return;
    memcpy(copy, path, length);
    copy[length] = 0;
    if (!table_put(table, hash_path(copy, length), 0) ||
        (look(copy, true, &now) && !table_put(table, hash_inode(&now), 0)))
        written->memory_lacks = true;
}

static void collect_written(struct written *written, const char *path) {
    const char *slash = strrchr(path, '/');
    size_t parent = slash == path ? 1 : (size_t)(slash - path);

    put_path(&written->paths, path, strlen(path), written);
    if (!table_get(&written->parents, hash_path(path, parent), NULL))
        put_path(&written->parents, path, parent, written);
}

static bool is_in(const struct table *table, const struct note *note) {
    return table_get(table, hash_path(note->name, strlen(note->name)), NULL) ||
           (note->signature.inode && table_get(table, hash_inode(&note->signature), NULL));
}

/* How many of these characters stand before `end`. */
static size_t count_before(const char *name, size_t end, const char *characters) {
    size_t at = end;

    while (at && strchr(characters, name[at - 1]))
        at--;
    return end - at;
}

/* Called for version, processor, flags and user, as in v24.21.0-x64-0c1d2e3f-1000. */
static bool is_cache_name(const char *name, size_t length) {
    size_t user = count_before(name, length, "0123456789");
    size_t flags_end;

    if (*name != 'v' || strspn(name + 1, "0123456789.") < sizeof "0.0.0" - 1) return false;
    if (!user || length - user < sizeof "-0c1d2e3f-" - 1) return false;
    flags_end = length - user - 1;
    return name[flags_end] == '-' && count_before(name, flags_end, "0123456789abcdef") == 8 &&
           name[flags_end - 9] == '-';
}

/* Node's compile cache, wherever it is: calls write there at their end, and what it holds is checked against
 * the sources. */
static bool is_compile_cache(const char *path) {
    for (const char *name = strchr(path, '/'); name; name = strchr(name, '/')) {
        name++;
        if (is_cache_name(name, strcspn(name, "/"))) return true;
    }
    return false;
}

static bool add_note(struct stale *stale, const struct note *note, const struct written *written) {
    enum entry_kind kind;

    if (*note->name != '/' || is_in(&written->paths, note) || is_compile_cache(note->name)) return true;
    if (note->kind == PFI_NOTE_MISSING) return stale_add(stale, ENTRY_MISSING, note->name, NULL);
    if (note->signature.flags & PFI_SIGNATURE_EXISTENCE)
        return stale_add(stale, ENTRY_EXISTENCE, note->name, &note->signature);
    if (S_ISREG(note->signature.mode))
        kind = ENTRY_FILE;
    else if (S_ISLNK(note->signature.mode))
        kind = ENTRY_LINK;
    else if (note->kind == PFI_NOTE_FILE && S_ISDIR(note->signature.mode) && !is_in(&written->parents, note))
        kind = ENTRY_LISTING;
    else
        kind = ENTRY_EXISTENCE;
    return stale_add(stale, kind, note->name, &note->signature);
}

static bool take_over(struct stale *stale, const char *records, size_t end) {
    struct written written = {0};
    struct note note;
    size_t at = 0;
    bool whole;

    while (notes_next(records, &at, end, &note))
        if (note.kind == PFI_NOTE_WRITTEN && *note.name == '/') collect_written(&written, note.name);
    whole = at == end;
    at = 0;
    while (notes_next(records, &at, end, &note))
        if (note_has_signature(note.kind) || note.kind == PFI_NOTE_MISSING)
            whole &= add_note(stale, &note, &written);
    whole &= at == end && !written.memory_lacks;
    table_clear(&written.paths);
    table_clear(&written.parents);
    return whole;
}

bool stale_add_notes(struct stale *stale, int notes_fd) {
    struct notes notes;
    bool whole;

    if (!notes_open(notes_fd, &notes)) return false;
    notes_close(&notes);
    whole = notes.whole;
    /* What was noted before they overflowed counts. */
    whole &= take_over(stale, notes.records, notes.end);
    notes_free(&notes);
    return whole;
}
