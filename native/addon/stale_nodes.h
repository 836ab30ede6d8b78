/* What is watched on the ways of names: inside the staleness store. */
#ifndef PREFORK_STALE_NODES_H
#define PREFORK_STALE_NODES_H

#include "stale_store.h"
#include <sys/inotify.h>

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

/* stale_nodes.c */

/* Adds a watch to what the node has. False: there can be none. */
bool watch(struct stale *stale, struct node *node, uint32_t mask);
/* The same for what may be replaced without being an edit. */
bool watch_presence(struct stale *stale, struct node *node);

/* Null when there is no memory, or the path is too long. */
struct node *root_node(struct stale *stale);
struct node *child_node(struct stale *stale, struct node *parent, const char *name, size_t length);
void free_nodes(struct watching *watching);

/* Keys of the tables. */
uint64_t hash_name(int descriptor, const char *name);
uint64_t hash_descriptor(int descriptor);

/* stale_ways.c: sets all watches, anew where some stood. */
void watch_all(struct stale *stale);

#endif
