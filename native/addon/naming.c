#include "naming.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "entry.h"
#include "monotonic.h"
#include "notes.h"
#include "world.h"

/*
 * Setup's socket was bound by a launcher that knew only what earlier initialisations had looked at. If this
 * one looked at more, callers of other worlds may be waiting there. So it is left without ever being accepted
 * from:
 *
 *   1. under the lock of the run directory, read what is known (the looks) and add what is new;
 *   2. take the lock of the true name, bind and listen there;
 *   3. publish the looks: from here on callers compute the true name, and find a socket there;
 *   4. remove the old path and close the old socket: whoever waited there gets ECONNRESET, reads the looks
 * and starts over, as it does when it gets the old name's lock from our launcher.
 *
 * A caller that read the looks before 3 comes to the old path: it is reset or refused, or finds nothing. One
 * that reads them after 3 has a name that covers all that was looked at here, and so gets here only if it
 * would have had the same answers. If this process dies in between, the old path is removed by its launcher,
 * and what stands at the true name refuses: that is the same to a caller as nothing.
 *
 * Locks: the launcher holds the old name's while it waits for us. The true name's is only tried: who holds it
 * starts a server of this very world, and this process answers its own first call and leaves. The run
 * directory's is held for some system calls by servers, and never by one that waits for another lock.
 */

#define LOCK_WAIT_MS 2000
#define BACKLOG 4096

struct place {
    char directory[sizeof(struct sockaddr_un)];
    char old_name[sizeof(struct sockaddr_un)]; /* of the entry: s and the ident */
    int fd;
};

struct setting {
    struct world world;
    char **environment;
    const char *parts;
    size_t parts_size;
    void *map;
    size_t size;
};

static bool fail(struct naming *naming, const char *what) {
    snprintf(naming->problem, sizeof naming->problem, "%s: %s", what, strerror(errno));
    return false;
}

static bool find_place(int listener, struct place *place) {
    struct sockaddr_un address = {0};
    socklen_t size = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &size) != 0 || address.sun_path[0] != '/')
        return false;
    snprintf(place->directory, sizeof place->directory, "%.*s", (int)sizeof address.sun_path,
             address.sun_path);
    char *slash = strrchr(place->directory, '/');
    *slash = '\0';
    strcpy(place->old_name, slash + 1);
    return true;
}

/* The strings end in the map, the pointers to them are allocated. False: this server has a given name. */
static bool read_setting(int notes, struct setting *setting) {
    struct stat file;
    size_t start = PFI_NOTES_SIZE + sizeof(struct pfi_surroundings), count = 0;
    if (notes < 0 || fstat(notes, &file) != 0 || (size_t)file.st_size < start) return false;
    setting->size = (size_t)file.st_size;
    setting->map = mmap(NULL, setting->size, PROT_READ, MAP_PRIVATE, notes, 0);
    if (setting->map == MAP_FAILED) return false;
    const char *base = setting->map;
    const struct pfi_surroundings *given = (const void *)(base + PFI_NOTES_SIZE);
    const char *text = base + start, *end = text + given->environment_size;
    if (given->environment_size > setting->size - start ||
        given->parts_size > setting->size - start - given->environment_size || given->parts_size > PARTS_MAX)
        return false;
    setting->parts = end;
    setting->parts_size = given->parts_size;
    for (const char *at = text; at < end; at++)
        count += !*at;
    setting->environment = calloc(count + 1, sizeof *setting->environment);
    if (!setting->environment) return false;
    for (size_t i = 0; i < count; i++, text += strlen(text) + 1)
        setting->environment[i] = (char *)(uintptr_t)text;
    memcpy(setting->world.base, given->base, sizeof given->base);
    memcpy(setting->world.directory, given->directory, sizeof given->directory);
    for (int fd = 0; fd < 3; fd++)
        setting->world.terminals[fd] = given->terminals[fd];
    setting->world.any_directory = given->any_directory;
    setting->world.umask = given->umask;
    setting->world.environment = setting->environment;
    return true;
}

/* Nobody knows what was looked at: then everything was. */
static void add_everything(struct looks *looks) {
    looks_add_all(looks);
    looks->directory = looks->umask = true;
    for (int fd = 0; fd < 3; fd++)
        looks->terminals[fd] = true;
}

static void add_fixed(struct looks *looks) {
    looks->fixed = looks->directory = looks->terminals[1] = looks->terminals[2] = true;
}

static void add_note(struct looks *looks, const struct note *note) {
    if (note->kind == PFI_NOTE_ENV) looks_add(looks, note->name);
    if (note->kind == PFI_NOTE_ALL_ENV) looks_add_all(looks);
    if (note->kind == PFI_NOTE_ALL_NAMES) looks->listed = true;
    if (note->kind == PFI_NOTE_CWD) looks->directory = true;
    if (note->kind == PFI_NOTE_UMASK) looks->umask = true;
    if (note->kind == PFI_NOTE_ISATTY && strlen(note->name) == 1 && *note->name >= '0' && *note->name <= '2')
        looks->terminals[*note->name - '0'] = true;
}

static void read_looks(int fd, struct looks *looks) {
    struct notes notes;
    struct note note;
    size_t at = 0;
    if (!notes_open(fd, &notes)) {
        add_fixed(looks);
        return;
    }
    notes_close(&notes);
    while (notes_next(notes.records, &at, notes.end, &note))
        add_note(looks, &note);
    if (!notes.whole || at != notes.end) add_everything(looks);
    notes_free(&notes);
}

/* Held by others for some system calls only. One that was stopped in the middle must not hold up all others.
 */
static bool lock_directory(struct place *place, struct naming *naming) {
    place->fd = open(place->directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (place->fd < 0) return fail(naming, "cannot open its directory");
    for (int64_t until = monotonic_ms() + LOCK_WAIT_MS; flock(place->fd, LOCK_EX | LOCK_NB) != 0;) {
        if (errno != EWOULDBLOCK && errno != EINTR) return fail(naming, "cannot lock its directory");
        if (monotonic_ms() >= until) return fail(naming, "cannot lock its directory in time");
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return true;
}

/* -1 with errno; EWOULDBLOCK: somebody starts or ends a server of this name. */
static int try_lock_name(const struct place *place, const char *ident) {
    char name[sizeof(struct sockaddr_un)];
    snprintf(name, sizeof name, "l%s", ident);
    return entry_lock(place->fd, name);
}

/* A file that is bound has the mode that the socket had, less the umask. To set that would be seen by Node's
 * other threads, and to change the file afterwards would leave a moment in which others could connect. */
static int listen_at(const struct sockaddr_un *address) {
    int made = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made < 0) return -1;
    if (fchmod(made, 0600) == 0 && bind(made, (const struct sockaddr *)address, sizeof *address) == 0 &&
        chmod(address->sun_path, 0600) == 0 && listen(made, BACKLOG) == 0)
        return made;
    int reason = errno;
    close(made);
    errno = reason;
    return -1;
}

/* Where the path would be too long the ident is cut, as the launcher cuts it. */
static bool set_address(struct sockaddr_un *address, const struct place *place, const char *ident) {
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    return snprintf(address->sun_path, sizeof address->sun_path, "%s/s%s", place->directory, ident) > 0;
}

static int bind_true_name(const struct place *place, const struct sockaddr_un *address,
                          struct naming *naming) {
    const char *name = strrchr(address->sun_path, '/') + 1;
    int lock = try_lock_name(place, name + 1), made = -1;
    if (lock < 0) {
        if (errno != EWOULDBLOCK) fail(naming, "cannot lock its name");
        return -1;
    }
    switch (entry_presence(address)) {
    case PRESENT:
        break;
    case ABSENT:
        entry_remove(place->fd, name); /* of a server that was killed, if anything */
        made = listen_at(address);
        if (made < 0) fail(naming, "cannot listen at its name");
        break;
    case CANNOT_TELL:
        fail(naming, "cannot find out whether there is a server of its name");
    }
    close(lock);
    return made;
}

/* Sockets of this script that were bound under names of less. Nobody finds them any more, so their servers
 * leave; a setup that is still at work moves in its turn. */
struct outdated {
    char (*names)[sizeof(struct sockaddr_un)];
    size_t count, room;
};

static void find_outdated(const struct place *place, const char *looks, struct outdated *outdated) {
    int fd = openat(place->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory) {
        if (fd >= 0) close(fd);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (*entry->d_name != 's' || strlen(entry->d_name) >= sizeof *outdated->names ||
            !ident_is_of(entry->d_name + 1, looks))
            continue;
        if (outdated->count == outdated->room) {
            size_t room = outdated->room * 2 + 16;
            void *more = realloc(outdated->names, room * sizeof *outdated->names);
            if (!more) break; /* they leave when they have been idle for long enough */
            outdated->names = more;
            outdated->room = room;
        }
        memcpy(outdated->names[outdated->count++], entry->d_name, strlen(entry->d_name) + 1);
    }
    closedir(directory);
}

static void remove_outdated(const struct place *place, const struct outdated *outdated, const char *own) {
    for (size_t i = 0; i < outdated->count; i++) {
        char *name = outdated->names[i];
        if (!strcmp(name, own) || !strcmp(name, place->old_name)) continue;
        int lock = try_lock_name(place, name + 1);
        if (lock < 0) continue; /* a setup is at work there, and will move */
        for (const char *letter = "siul"; *letter; letter++) {
            *name = *letter;
            entry_remove(place->fd, name); /* one that stays is met again */
        }
        close(lock);
    }
}

static bool publish(const struct place *place, const char *file, const struct looks *looks, const char *own,
                    struct naming *naming) {
    struct outdated outdated = {0};
    find_outdated(place, file, &outdated);
    bool written = looks_write(place->fd, file, looks);
    if (written)
        remove_outdated(place, &outdated, own);
    else
        fail(naming, "cannot write down what it looked at");
    free(outdated.names);
    return written;
}

/* Closes the old socket: nobody has ever been served there. */
static bool put_in_place(const struct place *place, int made, int listener) {
    unlinkat(place->fd, place->old_name, 0);
    return dup3(made, listener, O_CLOEXEC) >= 0;
}

static void take_under_lock(int listener, const struct place *place, const struct setting *setting,
                            const struct looks *own, bool forkable, struct naming *naming) {
    static struct looks known, all;
    struct looks_name file = looks_name(setting->world.base);
    struct sockaddr_un address;
    char ident[IDENT_DIGITS + 1];
    int made = -1;
    looks_read(place->fd, file.text, &known);
    looks_merge(&all, &known);
    looks_merge(&all, own);
    memcpy(naming->parts.text, setting->parts, setting->parts_size);
    naming->parts.size = setting->parts_size;
    world_ident(&setting->world, &all, ident, &naming->parts);
    set_address(&address, place, ident);
    snprintf(naming->path, sizeof naming->path, "%s", address.sun_path);
    const char *name = strrchr(address.sun_path, '/') + 1;
    bool moves = forkable && strcmp(name, place->old_name) != 0;
    naming->served = forkable && (!moves || (made = bind_true_name(place, &address, naming)) >= 0);
    if (!looks_same(&known, &all) && !publish(place, file.text, &all, name, naming)) naming->served = false;
    if (made < 0) return;
    if (naming->served && !put_in_place(place, made, listener)) naming->served = fail(naming, "cannot move");
    if (!naming->served) unlinkat(place->fd, name, 0);
    close(made);
}

void naming_take(int listener, int notes, bool forkable, struct looks *own, struct naming *naming) {
    struct place place = {.fd = -1};
    struct setting setting = {.map = MAP_FAILED};
    *naming = (struct naming){.served = true};
    if (!find_place(listener, &place)) return;
    snprintf(naming->path, sizeof naming->path, "%s/%s", place.directory, place.old_name);
    if (read_setting(notes, &setting)) {
        read_looks(notes, own);
        if (lock_directory(&place, naming))
            take_under_lock(listener, &place, &setting, own, forkable, naming);
        else
            naming->served = false;
    }
    if (place.fd >= 0) close(place.fd);
    if (setting.map != MAP_FAILED) munmap(setting.map, setting.size);
    free(setting.environment);
}

void naming_give_up(int listener) {
    struct place place = {.fd = -1};
    char path[PATH_MAX + sizeof place.old_name];
    if (find_place(listener, &place)) {
        snprintf(path, sizeof path, "%s/%s", place.directory, place.old_name);
        unlink(path); /* the launcher has its lock, or it is our true name */
    }
    close(listener);
}
