#include "notes.h"
#include "real.h"
#include "signature.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define CAPACITY (PFI_NOTES_SIZE - sizeof(struct pfi_notes_header))
#define SEEN_SLOTS (1u << 15)
#define SEEN_PROBES 64
#define TICK_WAITS 64

struct pfi_notes_header *pfi_observer_notes;
void (*pfi_observer_on_open)(int fd, const char *name, int flags);

static pid_t noted_process;
static bool started_as_setup;
static uint64_t seen[SEEN_SLOTS];
static int tick_waits;

void notes_start(int fd, bool setup) {
    struct stat stat;
    struct pfi_notes_header *notes;

    if (REAL(syscall)(SYS_fstat, fd, &stat) < 0 || stat.st_size < (off_t)PFI_NOTES_SIZE) return;
    notes = mmap(NULL, PFI_NOTES_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (notes == MAP_FAILED) return;
    if (notes->magic != PFI_NOTES_MAGIC) {
        munmap(notes, PFI_NOTES_SIZE);
        return;
    }
    noted_process = getpid();
    started_as_setup = setup;
    __atomic_store_n(&pfi_observer_notes, notes, __ATOMIC_RELEASE);
}

/* A child between fork (or vfork) and exec has the mapping, but what it does is not initialisation. */
static bool mine(void) {
    return getpid() == noted_process;
}

bool is_setup(void) {
    return started_as_setup && mine();
}

static uint64_t mix(uint64_t hash, const void *data, size_t size) {
    const unsigned char *byte = data;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash ^ hash >> 29;
}

static uint64_t hash_note(char kind, const struct pfi_signature *signature, const char *name) {
    uint64_t hash = mix(0xcbf29ce484222325u, &kind, 1);

    if (signature) hash = mix(hash, signature, sizeof *signature);
    hash = mix(hash, name, strlen(name));
    return hash ? hash : 1;
}

static bool was_seen(uint64_t hash) {
    for (unsigned i = 0; i < SEEN_PROBES; i++) {
        uint64_t slot = __atomic_load_n(&seen[(hash + i) % SEEN_SLOTS], __ATOMIC_RELAXED);

        if (slot == hash) return true;
        if (!slot) return false;
    }
    return false;
}

/* Returns false when this note was there before. Where the table is full, notes repeat; that does no harm. */
static bool see(uint64_t hash) {
    for (unsigned i = 0; i < SEEN_PROBES; i++) {
        uint64_t slot = 0;

        if (__atomic_compare_exchange_n(&seen[(hash + i) % SEEN_SLOTS], &slot, hash, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return true;
        if (slot == hash) return false;
    }
    return true;
}

/* The kind is written last: it tells the reader that the rest is complete. */
static void append(char kind, const struct pfi_signature *signature, const char *name) {
    struct pfi_notes_header *notes = pfi_observer_notes;
    size_t length = strlen(name) + 1;
    uint32_t size = (uint32_t)(1 + (signature ? sizeof *signature : 0) + length);
    uint32_t at;
    char *record;

    if (__atomic_load_n(&notes->overflow, __ATOMIC_RELAXED) || !see(hash_note(kind, signature, name))) return;
    at = __atomic_fetch_add(&notes->used, size, __ATOMIC_RELAXED);
    if (at > CAPACITY || size > CAPACITY - at) {
        __atomic_store_n(&notes->overflow, 1, __ATOMIC_RELEASE);
        return;
    }
    record = (char *)(notes + 1) + at;
    if (signature) memcpy(record + 1, signature, sizeof *signature);
    memcpy(record + size - length, name, length);
    __atomic_store_n(record, kind, __ATOMIC_RELEASE);
}

/* Where a relative name begins; the length, or 0 when that cannot be said. */
static size_t find_directory(int directory, char *path, size_t size) {
    char link[sizeof "/proc/self/fd/-2147483648"];
    long length;

    if (directory == AT_FDCWD) {
        append(PFI_NOTE_CWD, NULL, "");
        length = REAL(syscall)(SYS_getcwd, path, size);
        return length > 1 && path[0] == '/' ? (size_t)length - 1 : 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    length = REAL(syscall)(SYS_readlinkat, AT_FDCWD, link, path, size);
    return length > 0 && (size_t)length < size && path[0] == '/' ? (size_t)length : 0;
}

static bool is_under(const char *path, const char *top) {
    size_t length = strlen(top);

    return !strncmp(path, top, length) && (path[length] == '/' || !path[length]);
}

/* Makes a name absolute and drops empty and "." parts. ".." stays: only a walk along the links can tell what
 * it means. A slash at the end stays too: it asks for a directory. Returns false for what is not noted. */
static bool place(int directory, const char *name, char path[PATH_MAX]) {
    size_t length = 0;
    size_t left;

    if (!name || !*name) return false;
    if (*name != '/') length = find_directory(directory, path, PATH_MAX);
    if (*name != '/' && !length) {
        __atomic_store_n(&pfi_observer_notes->overflow, 1, __ATOMIC_RELEASE);
        return false;
    }
    while (length && path[length - 1] == '/')
        length--;
    for (const char *part = name; *part; part += left) {
        left = strcspn(part, "/");
        if (left && !(left == 1 && *part == '.')) {
            if (length + left + 3 > PATH_MAX) {
                __atomic_store_n(&pfi_observer_notes->overflow, 1, __ATOMIC_RELEASE);
                return false;
            }
            path[length++] = '/';
            memcpy(path + length, part, left);
            length += left;
        }
        if (part[left] == '/') left++;
    }
    if (!length || name[strlen(name) - 1] == '/') path[length++] = '/';
    path[length] = 0;
    return !is_under(path, "/proc") && !is_under(path, "/sys") &&
           (!is_under(path, "/dev") || is_under(path, "/dev/shm"));
}

static bool sign(int directory, const char *name, int flags, struct pfi_signature *signature) {
    struct stat stat;

    if (REAL(syscall)(SYS_newfstatat, directory, name, &stat, flags) < 0) return false;
    *signature = signature_of(&stat);
    return true;
}

/*
 * A file that was changed within the kernel's current tick (4 ms at most kernels) could be changed once more,
 * after it was read, and look the same. So whoever opens such a file waits for the tick to end: a few
 * milliseconds, in a case that hardly occurs (Node itself takes longer to start). What cannot be waited for
 * is marked, and makes the server leave.
 */
static bool sign_settled(int directory, const char *name, int flags, const char *path,
                         struct pfi_signature *signature) {
    if (!sign(directory, name, flags, signature)) return false;
    if (was_seen(hash_note(PFI_NOTE_WRITTEN, NULL, path))) return true;
    while (!tick_has_passed(signature)) {
        bool coarse = !signature->ctime_nsec && !signature->mtime_nsec;

        if (coarse || __atomic_fetch_add(&tick_waits, 1, __ATOMIC_RELAXED) >= TICK_WAITS) {
            signature->flags |= PFI_SIGNATURE_RACY;
            return true;
        }
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        if (!sign(directory, name, flags, signature)) return false;
    }
    return true;
}

static bool missed(int error) {
    return error == ENOENT || error == ENOTDIR;
}

static void note_missing(int error, int directory, const char *name) {
    char path[PATH_MAX];

    if (missed(error) && place(directory, name, path)) append(PFI_NOTE_MISSING, NULL, path);
}

static void drop_slash(char *path) {
    size_t length = strlen(path);

    if (length > 1 && path[length - 1] == '/') path[length - 1] = 0;
}

static bool place_found(int directory, const char *name, char path[PATH_MAX]) {
    if (!place(directory, name, path)) return false;
    drop_slash(path);
    return true;
}

static void note_signature(int directory, const char *name, const struct pfi_signature *signature) {
    char path[PATH_MAX];

    if (place_found(directory, name, path)) append(PFI_NOTE_STAT, signature, path);
}

static void note_reading(int fd, int directory, const char *name) {
    struct pfi_signature signature;
    char path[PATH_MAX];

    if (!place_found(directory, name, path) || !sign_settled(fd, "", AT_EMPTY_PATH, path, &signature)) return;
    if (S_ISREG(signature.mode) || S_ISDIR(signature.mode))
        append(PFI_NOTE_FILE, &signature, path);
    else
        append(PFI_NOTE_STAT, &(struct pfi_signature){.flags = PFI_SIGNATURE_EXISTENCE}, path);
}

/* A database, or a settings file that is changed in place; not what is only made or appended to. */
static bool is_read_too(int flags) {
    return (flags & O_ACCMODE) == O_RDWR && !(flags & (O_APPEND | O_TRUNC | O_EXCL));
}

void note_opened(int fd, int directory, const char *name, int flags) {
    int error = errno;
    char path[PATH_MAX];
    bool writing = (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC);

    if (!mine()) return;
    if (fd < 0 && !writing)
        note_missing(error, directory, name);
    else if (fd >= 0 && !writing)
        note_reading(fd, directory, name);
    else if (fd >= 0 && (flags & O_TMPFILE) != O_TMPFILE && place_found(directory, name, path)) {
        append(PFI_NOTE_WRITTEN, NULL, path);
        if (is_read_too(flags)) note_reading(fd, directory, name);
    }
    errno = error;
}

void tell_opened(int fd, const char *name, int flags) {
    int error = errno;
    void (*tell)(int, const char *, int) = __atomic_load_n(&pfi_observer_on_open, __ATOMIC_ACQUIRE);

    if (tell && mine()) tell(fd, name, flags);
    errno = error;
}

void note_asked(int result, int directory, const char *name, const struct stat *stat) {
    int error = errno;
    struct pfi_signature signature = {.flags = PFI_SIGNATURE_EXISTENCE};

    if (!mine()) return;
    if (result < 0) {
        note_missing(error, directory, name);
    } else {
        if (stat) signature = signature_of(stat);
        note_signature(directory, name, &signature);
    }
    errno = error;
}

void note_statx(int result, int directory, const char *name, const struct statx *statx) {
    int error = errno;
    struct pfi_signature signature;

    if (!name || !mine()) return;
    if (result < 0) {
        note_missing(error, directory, name);
    } else if (*name && (statx->stx_mask & STATX_BASIC_STATS) == STATX_BASIC_STATS) {
        signature = (struct pfi_signature){
            .device = makedev(statx->stx_dev_major, statx->stx_dev_minor),
            .inode = statx->stx_ino,
            .size = statx->stx_size,
            .mtime_sec = statx->stx_mtime.tv_sec,
            .mtime_nsec = statx->stx_mtime.tv_nsec,
            .ctime_sec = statx->stx_ctime.tv_sec,
            .ctime_nsec = statx->stx_ctime.tv_nsec,
            .mode = statx->stx_mode,
        };
        note_signature(directory, name, &signature);
    } else if (*name) {
        note_signature(directory, name, &(struct pfi_signature){.flags = PFI_SIGNATURE_EXISTENCE});
    }
    errno = error;
}

void note_link(int result, int directory, const char *name) {
    int error = errno;
    struct pfi_signature signature;
    char path[PATH_MAX];

    if (!mine()) return;
    if (result < 0 && error != EINVAL)
        note_missing(error, directory, name);
    else if (place_found(directory, name, path) &&
             sign_settled(directory, name, AT_SYMLINK_NOFOLLOW, path, &signature))
        append(PFI_NOTE_STAT, &signature, path);
    errno = error;
}

void note_way(bool found, const char *name) {
    int error = errno;
    struct pfi_signature signature;
    char path[PATH_MAX];
    char part[PATH_MAX];

    if (!mine()) return;
    if (!found) note_missing(error, AT_FDCWD, name);
    if (found && place_found(AT_FDCWD, name, path)) {
        for (size_t end = 1; path[end - 1]; end++) {
            if (path[end] && path[end] != '/') continue;
            memcpy(part, path, end);
            part[end] = 0;
            if (sign_settled(AT_FDCWD, part, AT_SYMLINK_NOFOLLOW, part, &signature) &&
                S_ISLNK(signature.mode))
                append(PFI_NOTE_STAT, &signature, part);
            if (!path[end]) break;
        }
        if (sign(AT_FDCWD, path, 0, &signature)) append(PFI_NOTE_STAT, &signature, path);
    }
    errno = error;
}

void note_written(int result, int directory, const char *name) {
    int error = errno;
    char path[PATH_MAX];

    if (!mine()) return;
    if (result >= 0 && place_found(directory, name, path)) append(PFI_NOTE_WRITTEN, NULL, path);
    errno = error;
}

bool sign_directory(int directory, const char *name, struct pfi_signature *signature) {
    int error = errno;
    char path[PATH_MAX];
    bool signed_ =
        mine() && place_found(directory, name, path) && sign_settled(directory, name, 0, path, signature);

    errno = error;
    return signed_;
}

void note_listed(int directory, const char *name, const struct pfi_signature *signature) {
    int error = errno;
    char path[PATH_MAX];

    if (place_found(directory, name, path)) append(PFI_NOTE_FILE, signature, path);
    errno = error;
}

void note_variable(const char *name) {
    int error = errno;

    if (mine()) append(PFI_NOTE_ENV, NULL, name);
    errno = error;
}

void note_all_variables(void) {
    int error = errno;

    if (mine()) append(PFI_NOTE_ALL_ENV, NULL, "");
    errno = error;
}

void note_all_names(void) {
    int error = errno;

    if (mine()) append(PFI_NOTE_ALL_NAMES, NULL, "");
    errno = error;
}

void note_inherited_variables(void) {
    int error = errno;

    append(PFI_NOTE_ALL_ENV, NULL, "");
    errno = error;
}

void note_deletion(const char *name) {
    int error = errno;

    if (mine()) append(PFI_NOTE_UNSET, NULL, name);
    errno = error;
}

void note_cwd(void) {
    int error = errno;

    if (mine()) append(PFI_NOTE_CWD, NULL, "");
    errno = error;
}

void note_umask(void) {
    int error = errno;

    if (mine()) append(PFI_NOTE_UMASK, NULL, "");
    errno = error;
}

void note_isatty(int fd) {
    int error = errno;
    char number[sizeof "-2147483648"];

    if (mine()) {
        snprintf(number, sizeof number, "%d", fd);
        append(PFI_NOTE_ISATTY, NULL, number);
    }
    errno = error;
}
