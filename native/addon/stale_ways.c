/* Follows each noted name as the kernel follows it, and has watched what it meets. */
#include "stale_nodes.h"
#include <limits.h>
#include <string.h>

#define LINKS_MAX 40

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

static bool watch_last(struct stale *stale, struct node *node, const struct entry *entry) {
    enum entry_kind kind = entry->kind;

    if (node->type == NODE_DIRECTORY)
        return kind != ENTRY_LISTING ||
               (watch(stale, node, WATCH_LISTING) &&
                table_put(&stale->watching->listings, hash_descriptor(node->descriptor), 0));
    if (node->type != NODE_OTHER) return true;
    if (kind == ENTRY_FILE && !watch(stale, node, WATCH_CONTENT)) return false;
    /* What initialisation wrote may be replaced by another with the same content. */
    return (kind == ENTRY_FILE && !entry->own) || watch_presence(stale, node);
}

static void watch_entry(struct stale *stale, size_t index) {
    struct way way;
    enum entry_kind kind = stale->entries[index].kind;
    struct node *node = NULL;

    if (kind == ENTRY_PLACE) return;
    if (begin(stale, &way, stale->entries[index].path)) node = walk(stale, &way, kind != ENTRY_LINK);
    stale->entries[index].polled = !node || way.blind || !watch_last(stale, node, &stale->entries[index]);
}

static void watch_socket(struct stale *stale) {
    struct way way;
    struct node *node = NULL;

    if (begin(stale, &way, stale->socket)) node = walk(stale, &way, false);
    if (node && node->type == NODE_OTHER) watch_presence(stale, node);
}

void watch_all(struct stale *stale) {
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
