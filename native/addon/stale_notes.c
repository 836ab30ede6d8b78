/* Taking the observer's notes over. */
#include "notes.h"
#include "stale_store.h"
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* What initialisation did with a name: bits of MADE_, and this. */
#define MADE_WRITTEN 8u

/* By path, and what was written by inode too; and the directories in which something was written. */
struct traces {
    struct table names, inodes, parents;
    bool memory_lacks;
};

static uint64_t hash_path(const char *path, size_t length) {
    return hash_bytes(10, path, length);
}

static uint64_t hash_inode(const struct pfi_signature *signature) {
    uint64_t pair[2] = {signature->device, signature->inode};

    return hash_bytes(11, pair, sizeof pair);
}

static void put_inode(struct table *table, const char *path, struct traces *traces) {
    struct pfi_signature now;

    if (look(path, true, &now) && !table_put(table, hash_inode(&now), 0)) traces->memory_lacks = true;
}

static void put_parent(struct traces *traces, const char *path) {
    const char *slash = strrchr(path, '/');
    size_t length = slash == path ? 1 : (size_t)(slash - path);
    char copy[PATH_MAX];

    if (length >= sizeof copy || table_get(&traces->parents, hash_path(path, length), NULL)) return;
    memcpy(copy, path, length);
    copy[length] = 0;
    if (!table_put(&traces->parents, hash_path(copy, length), 0)) traces->memory_lacks = true;
    put_inode(&traces->parents, copy, traces);
}

static uint32_t trace_of(const struct traces *traces, const char *path) {
    uint32_t trace = 0;

    table_get(&traces->names, hash_path(path, strlen(path)), &trace);
    return trace;
}

static bool is_file(const struct note *note) {
    return note->kind == PFI_NOTE_FILE && S_ISREG(note->signature.mode);
}

/* Notes come in the order of what was done, each only once. */
static void leave_trace(struct traces *traces, const struct note *note) {
    uint32_t before = trace_of(traces, note->name), trace = before;

    if (note->kind == PFI_NOTE_WRITTEN) trace |= MADE_WRITTEN;
    if (note->kind == PFI_NOTE_MISSING) trace |= MADE_MISSED;
    if (is_file(note)) trace |= MADE_READ;
    if (note_has_signature(note->kind) && !(before & MADE_WRITTEN)) trace |= MADE_FOUND;
    if (trace == before) return;
    if (!table_put(&traces->names, hash_path(note->name, strlen(note->name)), trace))
        traces->memory_lacks = true;
    if (note->kind != PFI_NOTE_WRITTEN) return;
    put_inode(&traces->inodes, note->name, traces);
    put_parent(traces, note->name);
}

/* The same file by another name: a second link, or a way over links. */
static bool is_written(const struct traces *traces, const struct note *note) {
    return note->signature.inode && table_get(&traces->inodes, hash_inode(&note->signature), NULL);
}

static bool is_parent(const struct traces *traces, const struct note *note) {
    return table_get(&traces->parents, hash_path(note->name, strlen(note->name)), NULL) ||
           (note->signature.inode && table_get(&traces->parents, hash_inode(&note->signature), NULL));
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

static bool add_note(struct stale *stale, const struct note *note, const struct traces *traces) {
    uint32_t trace = trace_of(traces, note->name);
    enum entry_kind kind;

    if (note->kind == PFI_NOTE_WRITTEN) return stale_add_made(stale, note->name, trace);
    if (trace & MADE_WRITTEN) return true;
    if (is_written(traces, note)) return stale_add_made(stale, note->name, is_file(note) ? MADE_READ : 0);
    if (note->kind == PFI_NOTE_MISSING) return stale_add(stale, ENTRY_MISSING, note->name, NULL);
    if (note->signature.flags & PFI_SIGNATURE_EXISTENCE)
        return stale_add(stale, ENTRY_EXISTENCE, note->name, &note->signature);
    if (S_ISREG(note->signature.mode))
        kind = ENTRY_FILE;
    else if (S_ISLNK(note->signature.mode))
        kind = ENTRY_LINK;
    else if (note->kind == PFI_NOTE_FILE && S_ISDIR(note->signature.mode) && !is_parent(traces, note))
        kind = ENTRY_LISTING;
    else
        kind = ENTRY_EXISTENCE;
    return stale_add(stale, kind, note->name, &note->signature);
}

static bool is_of_file(const struct note *note) {
    return (note_has_signature(note->kind) || note->kind == PFI_NOTE_MISSING ||
            note->kind == PFI_NOTE_WRITTEN) &&
           *note->name == '/' && !is_compile_cache(note->name);
}

static bool take_over(struct stale *stale, const char *records, size_t end) {
    struct traces traces = {0};
    struct note note;
    size_t at = 0;
    bool whole;

    while (notes_next(records, &at, end, &note))
        if (is_of_file(&note)) leave_trace(&traces, &note);
    whole = at == end;
    at = 0;
    while (notes_next(records, &at, end, &note))
        if (is_of_file(&note)) whole &= add_note(stale, &note, &traces);
    whole &= at == end && !traces.memory_lacks;
    table_clear(&traces.names);
    table_clear(&traces.inodes);
    table_clear(&traces.parents);
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
