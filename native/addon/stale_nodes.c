/*
 * The names that are met on the way to a noted one: what each is, and how it is watched. Whatever decides
 * where a name leads is: directories on the way for being moved or removed, links, the file itself; for a
 * name that is missing, the directory in which the first missing part of it would appear.
 */
#include "stale_nodes.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

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
uint64_t hash_name(int descriptor, const char *name) {
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

uint64_t hash_descriptor(int descriptor) {
    return hash_bytes(21, &descriptor, sizeof descriptor);
}

bool watch(struct stale *stale, struct node *node, uint32_t mask) {
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

bool watch_presence(struct stale *stale, struct node *node) {
    return watch(stale, node, WATCH_PRESENCE) &&
           table_put(&stale->watching->presence, hash_descriptor(node->descriptor), 0);
}

/* --- nodes --- */

void free_nodes(struct watching *watching) {
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

struct node *root_node(struct stale *stale) {
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

struct node *child_node(struct stale *stale, struct node *parent, const char *name, size_t length) {
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
