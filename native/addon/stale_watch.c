/*
 * Watching. Each name is followed as the kernel follows it, and whatever decides where it leads is watched:
 * the directories on the way for being moved or removed, links, the file itself; for a name that is missing,
 * the directory in which the first missing part of it would appear.
 */
#include "stale_store.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define INSTANCE_NUMBER_MIN 64
#define LINKS_MAX 40
#define DRAIN_READS 64

#define WATCH_PLACE (IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR)
#define WATCH_APPEARING (WATCH_PLACE | IN_CREATE | IN_MOVED_TO)
#define WATCH_LISTING (WATCH_APPEARING | IN_DELETE | IN_MOVED_FROM)
/* The link count is an attribute: ATTRIB comes also when a file is replaced that something else keeps alive.
 */
#define WATCH_PRESENCE (IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF)
/* CLOSE_WRITE is all that is seen of a change through mmap. */
#define WATCH_CONTENT (WATCH_PRESENCE | IN_MODIFY | IN_CLOSE_WRITE)

enum node_type { NODE_DIRECTORY, NODE_LINK, NODE_OTHER, NODE_MISSING };

/* A name in a directory reached without links. */
struct node {
    char *path;
    char *target; /* of a link */
    struct node *parent;
    enum node_type type;
    int descriptor; /* the watch, or -1 */
    uint32_t mask;
    bool blind; /* no event, or not every event, will tell */
};

struct watching {
    struct node **nodes;
    size_t count, room;
    struct table by_path;  /* to an index of nodes */
    struct table names;    /* watch and name whose appearing matters */
    struct table listings; /* watches of listed directories */
    struct table presence; /* watches of what may be replaced without being an edit: then the new one is to be
                              watched */
    struct table devices;  /* to 1 where events do not tell everything */
    bool used_up;          /* the user may not have more watches */
    const char *last_directory; /* many names share a directory: the one before, */
    size_t last_length;         /* as much of this path as this, */
    struct node *last_node;     /* leads here; null when there is nothing to remember */
};

/* --- file systems --- */

/* Where others can change files without this kernel seeing it. Overlay is not among them: changes made
 * through it raise events, and changing the layers below it is undefined by its own documentation. */
static bool is_blind_type(uint32_t type) {
    static const uint32_t blind[] = {
        0x6969,     /* nfs */
        0x517b,     /* smb */
        0xff534d42, /* cifs */
        0xfe534d42, /* smb2 */
        0x65735546, /* fuse, virtiofs */
        0x01021997, /* 9p */
        0x00c36400, /* ceph */
        0x5346414f, /* afs */
        0x6b414653, /* kafs */
        0x73757245, /* coda */
        0x0000564c, /* ncp */
        0x0bd00bd0, /* lustre */
        0x47504653, /* gpfs */
        0x7461636f, /* ocfs2 */
        0x01161970, /* gfs2 */
        0x19830326, /* beegfs */
        0x20030528, /* orangefs */
        0xaad7aaea, /* panfs */
        0x786f4256, /* vboxsf */
        0xbacbacbc, /* vmhgfs */
        0xf15f,     /* ecryptfs */
    };

    for (size_t i = 0; i < sizeof blind / sizeof *blind; i++)
        if (blind[i] == type) return true;
    return false;
}

static bool is_blind_device(struct watching *watching, const char *path, uint64_t device) {
    uint64_t hash = hash_bytes(20, &device, sizeof device);
    uint32_t blind;
    struct statfs filesystem;

    if (table_get(&watching->devices, hash, &blind)) return blind;
    blind = statfs(path, &filesystem) < 0 || is_blind_type((uint32_t)filesystem.f_type);
    table_put(&watching->devices, hash, blind);
    return blind;
}

/* --- watches --- */

/* Alike for names that a directory could take for the same: some fold case, some also forms of Unicode. An
 * event too many costs a comparison. */
static uint64_t hash_name(int descriptor, const char *name) {
    uint64_t seed = (uint64_t)(uint32_t)descriptor + 1000;
    char folded[NAME_MAX + 1];
    size_t length = 0;

    for (; name[length] && length < NAME_MAX; length++) {
        if (name[length] & 0x80) return hash_bytes(seed, "\x80", 1);
        folded[length] =
            (char)(name[length] >= 'A' && name[length] <= 'Z' ? name[length] + 32 : name[length]);
    }
    return hash_bytes(seed, folded, length);
}

static uint64_t hash_descriptor(int descriptor) {
    return hash_bytes(21, &descriptor, sizeof descriptor);
}

static bool watch(struct stale *stale, struct node *node, uint32_t mask) {
    struct watching *watching = stale->watching;

    if ((node->mask & mask) == mask) return true;
    if (watching->used_up) return false;
    node->descriptor = inotify_add_watch(stale->instance, node->path, mask | IN_DONT_FOLLOW | IN_MASK_ADD);
    if (node->descriptor < 0) {
        watching->used_up = errno == ENOSPC;
        return false;
    }
    node->mask |= mask;
    return true;
}

static bool watch_presence(struct stale *stale, struct node *node) {
    return watch(stale, node, WATCH_PRESENCE) &&
           table_put(&stale->watching->presence, hash_descriptor(node->descriptor), 0);
}

/* --- nodes --- */

static void free_nodes(struct watching *watching) {
    for (size_t i = 0; i < watching->count; i++) {
        free(watching->nodes[i]->path);
        free(watching->nodes[i]->target);
        free(watching->nodes[i]);
    }
    watching->count = 0;
    table_clear(&watching->by_path);
}

static struct node *keep_node(struct watching *watching, const char *path, struct node *parent) {
    struct node *node;

    if (watching->count == watching->room) {
        size_t room = watching->room ? watching->room * 2 : 256;
        struct node **nodes = realloc(watching->nodes, room * sizeof *nodes);

        if (!nodes) return NULL;
        watching->nodes = nodes;
        watching->room = room;
    }
    node = calloc(1, sizeof *node);
    if (!node) return NULL;
    *node = (struct node){.path = strdup(path), .parent = parent, .type = NODE_MISSING, .descriptor = -1};
    if (!node->path ||
        !table_put(&watching->by_path, hash_bytes(22, path, strlen(path)), (uint32_t)watching->count)) {
        free(node->path);
        free(node);
        return NULL;
    }
    return watching->nodes[watching->count++] = node;
}

/* A directory that cannot be watched (one may pass through it but not read it) is compared instead. */
static void examine_directory(struct stale *stale, struct node *node, const struct pfi_signature *signature) {
    node->type = NODE_DIRECTORY;
    if (node->parent && !watch(stale, node, WATCH_PLACE))
        node->blind |= !stale_add(stale, ENTRY_PLACE, node->path, signature);
}

static void examine_link(struct stale *stale, struct node *node) {
    char target[PATH_MAX];
    ssize_t length;

    node->type = NODE_LINK;
    node->blind |= !watch_presence(stale, node);
    length = readlink(node->path, target, sizeof target - 1);
    if (length > 0) {
        target[length] = 0;
        node->target = strdup(target);
    }
    node->blind |= !node->target;
}

/* Watches for a missing name. It may have appeared before the watch stood: then it is looked at once more. */
static bool has_appeared(struct stale *stale, struct node *node, const char *name,
                         struct pfi_signature *signature) {
    struct node *parent = node->parent;
    uint32_t mask = parent->type == NODE_DIRECTORY ? WATCH_APPEARING : WATCH_PRESENCE;
    bool watched = (parent->mask & mask) == mask;

    if (mask == WATCH_PRESENCE)
        node->blind |= !watch_presence(stale, parent);
    else
        node->blind |= !watch(stale, parent, mask) ||
                       !table_put(&stale->watching->names, hash_name(parent->descriptor, name), 0);
    return !watched && look(node->path, false, signature);
}

static void examine(struct stale *stale, struct node *node, const char *name) {
    struct pfi_signature signature;

    if (!look(node->path, false, &signature) && !has_appeared(stale, node, name, &signature)) return;
    /* A link is on its directory's file system; statfs would tell its target's. */
    if (!S_ISLNK(signature.mode))
        node->blind |= is_blind_device(stale->watching, node->path, signature.device);
    if (S_ISDIR(signature.mode))
        examine_directory(stale, node, &signature);
    else if (S_ISLNK(signature.mode))
        examine_link(stale, node);
    else
        node->type = NODE_OTHER;
}

static struct node *root_node(struct stale *stale) {
    struct watching *watching = stale->watching;
    struct pfi_signature signature;
    struct node *node;

    if (watching->count) return watching->nodes[0];
    node = keep_node(watching, "/", NULL);
    if (!node) return NULL;
    node->type = NODE_DIRECTORY;
    node->blind = !look("/", false, &signature) || is_blind_device(watching, "/", signature.device);
    return node;
}

static struct node *child_node(struct stale *stale, struct node *parent, const char *name, size_t length) {
    struct watching *watching = stale->watching;
    char path[PATH_MAX];
    size_t at = parent->parent ? strlen(parent->path) : 0;
    struct node *node;
    uint32_t index;

    if (at + length + 2 > sizeof path) return NULL;
    memcpy(path, parent->path, at);
    path[at] = '/';
    memcpy(path + at + 1, name, length);
    path[at + 1 + length] = 0;
    if (table_get(&watching->by_path, hash_bytes(22, path, at + 1 + length), &index))
        return watching->nodes[index];
    node = keep_node(watching, path, parent);
    if (!node) return NULL;
    node->blind = parent->blind;
    examine(stale, node, path + at + 1);
    return node;
}

/* --- the way of one name --- */

struct way {
    struct node *at;
    char rest[2 * PATH_MAX]; /* what is still to be followed */
    int links;
    bool blind; /* one of the nodes passed was */
};

/* Puts a link's target in front of what is left. */
static bool follow(struct stale *stale, struct way *way, const struct node *link, const char *left) {
    size_t target = link->target ? strlen(link->target) : 0;
    size_t length = strlen(left);

    if (!target || ++way->links > LINKS_MAX || target + length + 2 > sizeof way->rest) return false;
    memmove(way->rest + target + 1, left, length + 1);
    memcpy(way->rest, link->target, target);
    way->rest[target] = '/';
    if (*way->rest == '/') way->at = root_node(stale);
    return true;
}

/* Where the name leads, or where its first missing part would be; null when it leads nowhere (too long, a
 * circle). */
static struct node *walk(struct stale *stale, struct way *way, bool follow_last) {
    const char *part = way->rest;

    while (*(part += strspn(part, "/"))) {
        size_t length = strcspn(part, "/");
        const char *left = part + length;
        struct node *node;

        if (length == 2 && !memcmp(part, "..", 2)) {
            way->at = way->at->parent ? way->at->parent : way->at;
            part = left;
            continue;
        }
        if (length == 1 && *part == '.') {
            part = left;
            continue;
        }
        node = child_node(stale, way->at, part, length);
        if (!node) return NULL;
        way->blind |= node->blind;
        if (node->type == NODE_MISSING) return node;
        if (node->type == NODE_LINK && (left[strspn(left, "/")] || follow_last)) {
            if (!follow(stale, way, node, left)) return NULL;
            part = way->rest;
            continue;
        }
        way->at = node;
        part = left;
    }
    return way->at;
}

static struct node *remembered_directory(const struct watching *watching, const char *path, size_t length) {
    bool is_it = watching->last_node && watching->last_length == length &&
                 !memcmp(watching->last_directory, path, length);

    return is_it ? watching->last_node : NULL;
}

/* The directory in which a name is. Null when the way there is blind or broken: then each name walks it
 * whole, so that the reason is met each time. */
static struct node *find_directory(struct stale *stale, const char *path, size_t length) {
    struct watching *watching = stale->watching;
    struct node *node = remembered_directory(watching, path, length);
    struct way way;

    if (node) return node;
    way.at = root_node(stale);
    if (!way.at) return NULL;
    way.links = 0;
    way.blind = way.at->blind;
    memcpy(way.rest, path, length);
    way.rest[length] = 0;
    node = walk(stale, &way, true);
    if (node && (way.blind || node->type != NODE_DIRECTORY)) node = NULL;
    watching->last_directory = path;
    watching->last_length = length;
    watching->last_node = node;
    return node;
}

static bool begin(struct stale *stale, struct way *way, const char *path) {
    const char *slash = strrchr(path, '/');
    struct node *directory = NULL;

    if (!slash || strlen(path) >= PATH_MAX) return false;
    if (slash != path) directory = find_directory(stale, path, (size_t)(slash - path));
    way->at = directory ? directory : root_node(stale);
    if (!way->at) return false;
    way->blind = way->at->blind;
    way->links = 0;
    strcpy(way->rest, directory ? slash : path);
    return true;
}

static bool watch_last(struct stale *stale, struct node *node, enum entry_kind kind) {
    if (node->type == NODE_DIRECTORY)
        return kind != ENTRY_LISTING ||
               (watch(stale, node, WATCH_LISTING) &&
                table_put(&stale->watching->listings, hash_descriptor(node->descriptor), 0));
    if (node->type == NODE_OTHER)
        return kind == ENTRY_FILE ? watch(stale, node, WATCH_CONTENT) : watch_presence(stale, node);
    return true;
}

static void watch_entry(struct stale *stale, size_t index) {
    struct way way;
    enum entry_kind kind = stale->entries[index].kind;
    struct node *node = NULL;

    if (kind == ENTRY_PLACE) return;
    if (begin(stale, &way, stale->entries[index].path)) node = walk(stale, &way, kind != ENTRY_LINK);
    stale->entries[index].polled = !node || way.blind || !watch_last(stale, node, kind);
}

static void watch_socket(struct stale *stale) {
    struct way way;
    struct node *node = NULL;

    if (begin(stale, &way, stale->socket)) node = walk(stale, &way, false);
    if (node && node->type == NODE_OTHER) watch_presence(stale, node);
}

static void watch_all(struct stale *stale) {
    struct watching *watching = stale->watching;
    size_t count = stale->count;

    free_nodes(watching);
    table_clear(&watching->names);
    table_clear(&watching->listings);
    table_clear(&watching->presence);
    watching->last_node = NULL;
    watching->used_up = false;
    for (size_t i = 0; i < count; i++)
        watch_entry(stale, i);
    for (size_t i = count; i < stale->count; i++)
        stale->entries[i].polled = true;
    if (stale->socket) watch_socket(stale);
}

static int make_instance(void) {
    int low = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    int high;

    if (low < 0) return -1;
    high = fcntl(low, F_DUPFD_CLOEXEC, INSTANCE_NUMBER_MIN);
    close(low);
    return high;
}

bool stale_note_socket(struct stale *stale, const char *path) {
    struct pfi_signature now = {0};

    stale->socket = strdup(path);
    if (!stale->socket) return false;
    if (look(path, false, &now)) {
        stale->socket_device = now.device;
        stale->socket_inode = now.inode;
    }
    return true;
}

bool stale_watch(struct stale *stale) {
    stale->watching = calloc(1, sizeof *stale->watching);
    if (!stale->watching) return false;
    stale->instance = make_instance();
    if (stale->instance >= 0) watch_all(stale);
    stale_verify(stale, NULL);
    return true;
}

int stale_descriptor(const struct stale *stale) {
    return stale->instance;
}

/* --- events --- */

enum concern { CONCERN_NONE, CONCERN_CONTENT, CONCERN_WAYS };

static enum concern concern_of(const struct watching *watching, const struct inotify_event *event) {
    if (event->len && table_get(&watching->names, hash_name(event->wd, event->name), NULL))
        return CONCERN_WAYS;
    if (event->len)
        return table_get(&watching->listings, hash_descriptor(event->wd), NULL) ? CONCERN_CONTENT
                                                                                : CONCERN_NONE;
    if (event->mask & IN_ATTRIB)
        return table_get(&watching->presence, hash_descriptor(event->wd), NULL) ? CONCERN_WAYS
                                                                                : CONCERN_CONTENT;
    return event->mask & (IN_MODIFY | IN_CLOSE_WRITE) ? CONCERN_CONTENT : CONCERN_WAYS;
}

/* Takes away what is pending, or as much of it as a server has time for: the rest stays pending. */
static enum concern read_events(struct stale *stale) {
    char buffer[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
    enum concern highest = CONCERN_NONE;

    for (int i = 0; i < DRAIN_READS; i++) {
        ssize_t got = read(stale->instance, buffer, sizeof buffer);

        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        for (char *at = buffer; at < buffer + got;) {
            const struct inotify_event *event = (const struct inotify_event *)(const void *)at;
            enum concern concern = concern_of(stale->watching, event);

            highest = concern > highest ? concern : highest;
            at += sizeof *event + event->len;
        }
    }
    return highest;
}

static bool has_polled(const struct stale *stale) {
    for (size_t i = 0; i < stale->count; i++)
        if (stale->entries[i].polled) return true;
    return false;
}

/* The flag before the events are taken, the watches before everything is compared: each in this order. */
enum stale_verdict stale_drain(struct stale *stale, const char **path) {
    uint32_t before = atomic_fetch_or(&stale->shared->flags, SHARED_DRAINING);
    enum concern concern = stale->instance < 0 ? CONCERN_CONTENT : read_events(stale);

    if (concern == CONCERN_WAYS) watch_all(stale);
    if (stale->verdict == STALE_FRESH &&
        (concern != CONCERN_NONE || before & SHARED_STALE || has_polled(stale)))
        stale_verify(stale, NULL);
    if (stale->verdict == STALE_CHANGED)
        stale_set(stale);
    else
        atomic_fetch_and(&stale->shared->flags, ~SHARED_DRAINING);
    return stale_verdict(stale, path);
}
