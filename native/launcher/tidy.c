#include "tidy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "entry.h"
#include "rundir.h"
#include "say.h"
#include "settings.h"

#define IDENTS_MAX 100
#define LETTERS "siul" /* the lock goes last */

struct found {
    char ident[sizeof(struct sockaddr_un)];
    struct timespec newest; /* of its files */
};

struct list {
    struct found *items;
    size_t count, room;
};

static bool is_later(const struct timespec *a, const struct timespec *b) {
    return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

static int compare_idents(const void *a, const void *b) {
    return strcmp(((const struct found *)a)->ident, ((const struct found *)b)->ident);
}

static int compare_ages(const void *a, const void *b) {
    const struct found *one = a, *other = b;
    return is_later(&one->newest, &other->newest) - is_later(&other->newest, &one->newest);
}

static void add(struct list *list, const char *ident, const struct timespec *changed) {
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 256;
        struct found *more = realloc(list->items, room * sizeof *more);
        if (!more) return; /* it is left for another time */
        list->items = more;
        list->room = room;
    }
    struct found *found = &list->items[list->count++];
    snprintf(found->ident, sizeof found->ident, "%s", ident);
    found->newest = *changed;
}

/* One item an ident, which is as new as the newest of its files. */
static void merge(struct list *list) {
    size_t kept = 0;
    if (list->count) qsort(list->items, list->count, sizeof *list->items, compare_idents);
    for (size_t i = 0; i < list->count; i++) {
        struct found *last = kept ? &list->items[kept - 1] : NULL;
        if (!last || strcmp(last->ident, list->items[i].ident) != 0)
            list->items[kept++] = list->items[i];
        else if (is_later(&list->items[i].newest, &last->newest))
            last->newest = list->items[i].newest;
    }
    list->count = kept;
}

/* Our own is no candidate for anything. */
static void read_directory(const struct call *call, const char *letters, struct list *list) {
    struct stat file;
    int fd = openat(call->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory) {
        if (fd >= 0) close(fd);
        return;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        const char *name = entry->d_name;
        if (!strchr(letters, name[0]) || !name[1] || strlen(name) >= sizeof list->items->ident) continue;
        if (strcmp(name + 1, call->ident) == 0) continue;
        if (fstatat(fd, name, &file, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(file.st_mode)) continue;
        if (*letters != 'w' && !entry_is_ours(fd, name))
            continue; /* others may keep something here as well */
        add(list, name + 1, &file.st_mtim);
    }
    closedir(directory);
    merge(list);
}

/* Whether there is a server of this script, in whatever world, or one is being started. */
static bool has_server(const struct call *call, const char *looks) {
    bool found = false;
    int fd = openat(call->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory) {
        if (fd >= 0) close(fd);
        return true;
    }
    for (struct dirent *entry; !found && (entry = readdir(directory));)
        found = *entry->d_name == 's' && ident_is_of(entry->d_name + 1, looks);
    closedir(directory);
    return found;
}

void forget_looks(const struct call *call) {
    if (!call->options.ident && !has_server(call, call->looks.text))
        unlinkat(call->directory_fd, call->looks.text, 0);
}

static struct entry_name name_of(const struct found *found, char letter) {
    struct entry_name name;
    snprintf(name.text, sizeof name.text, "%c%.*s", letter, (int)sizeof name.text - 2, found->ident);
    return name;
}

static enum presence ask(const struct call *call, const struct found *found) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/s%s", call->directory, found->ident);
    return length < 0 || (size_t)length >= sizeof address.sun_path ? ABSENT : entry_presence(&address);
}

/* -1: somebody starts a server there, or ends one. */
static int lock_ident(const struct call *call, const struct found *found) {
    return entry_lock(call->directory_fd, name_of(found, 'l').text);
}

static void remove_files(const struct call *call, const struct found *found) {
    for (const char *letter = LETTERS; *letter; letter++)
        entry_remove(call->directory_fd, name_of(found, *letter).text); /* one that stays is met again */
}

static void remove_oldest(const struct call *call, struct list *list) {
    size_t count = list->count + 1; /* our own */
    for (size_t i = 0; i < list->count && count > IDENTS_MAX; i++) {
        int lock = lock_ident(call, &list->items[i]);
        if (lock < 0) continue;
        if (ask(call, &list->items[i]) == ABSENT) {
            remove_files(call, &list->items[i]);
            count--;
        }
        close(lock);
    }
}

/* When it was last used: a server of ours sets the time of its information file; of another nothing is known
 * but when it was started. */
static struct timespec last_used(const struct call *call, const struct found *found) {
    struct stat file;
    struct timespec never = {0};
    if (fstatat(call->directory_fd, name_of(found, 'i').text, &file, AT_SYMLINK_NOFOLLOW) == 0 ||
        fstatat(call->directory_fd, name_of(found, 's').text, &file, AT_SYMLINK_NOFOLLOW) == 0)
        return file.st_mtim;
    return never;
}

static void keep_live(const struct call *call, struct list *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (ask(call, &list->items[i]) != PRESENT) continue;
        list->items[i].newest = last_used(call, &list->items[i]);
        list->items[kept++] = list->items[i];
    }
    list->count = kept;
    if (kept) qsort(list->items, kept, sizeof *list->items, compare_ages);
}

/* Without its socket a server leaves; calls that run go on to their end. */
static void retire_idle(const struct call *call, struct list *list) {
    size_t count = list->count + 1;
    for (size_t i = 0; i < list->count && count > server_limit(); i++) {
        int lock = lock_ident(call, &list->items[i]);
        if (lock < 0) continue;
        remove_files(call, &list->items[i]);
        say_debug("ended the server that had been idle longest: there were more than %zu", server_limit());
        close(lock);
        count--;
    }
}

bool retire_one(const struct call *call) {
    struct list list = {0};
    bool retired = false;
    read_directory(call, LETTERS, &list);
    keep_live(call, &list);
    for (size_t i = 0; i < list.count && !retired; i++) {
        int lock = lock_ident(call, &list.items[i]);
        if (lock < 0) continue;
        remove_files(call, &list.items[i]);
        close(lock);
        retired = true;
    }
    free(list.items);
    return retired;
}

/* Without it the next call starts a server once more than necessary, and never anything worse. */
static void remove_oldest_looks(const struct call *call) {
    struct list list = {0};
    read_directory(call, "w", &list);
    size_t count = list.count;
    if (count > IDENTS_MAX) qsort(list.items, count, sizeof *list.items, compare_ages);
    for (size_t i = 0; i < list.count && count > IDENTS_MAX; i++) {
        struct entry_name name = name_of(&list.items[i], 'w');
        if (has_server(call, name.text) || unlinkat(call->directory_fd, name.text, 0) != 0) continue;
        count--;
    }
    free(list.items);
}

void tidy(const struct call *call) {
    struct list list = {0};
    remove_oldest_looks(call);
    read_directory(call, LETTERS, &list);
    if (list.count + 1 > IDENTS_MAX) {
        qsort(list.items, list.count, sizeof *list.items, compare_ages);
        remove_oldest(call, &list);
    }
    if (list.count + 1 > server_limit()) {
        keep_live(call, &list);
        retire_idle(call, &list);
    }
    free(list.items);
}
