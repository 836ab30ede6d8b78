/* What the parts of the staleness store share. stale.h is the door. */
#ifndef PREFORK_STALE_STORE_H
#define PREFORK_STALE_STORE_H

#include "stale.h"
#include <stdatomic.h>
#include <stdint.h>

enum entry_kind {
    ENTRY_FILE,      /* a file that was read, or of which more was asked than whether it exists */
    ENTRY_LINK,      /* a symbolic link itself */
    ENTRY_LISTING,   /* a directory that was listed */
    ENTRY_EXISTENCE, /* there must be something; of the same type if that is known */
    ENTRY_MISSING,   /* there must be nothing */
    ENTRY_PLACE,     /* a directory that cannot be watched for being moved: must be the same one */
    ENTRY_HELD       /* a file that is open: the name must lead to the same one, whatever is in it */
};

struct entry {
    char *path;
    struct pfi_signature signature;
    enum entry_kind kind;
    bool racy;   /* the time stamps alone prove nothing: the content decides */
    bool lost;   /* changed already when it was noted */
    bool polled; /* no event will tell */
    bool own;    /* initialisation wrote it: only what is in it counts, not when and how that came there */
    bool missed; /* and had not read it, but looked for it in vain: a plain run would find it now */
};

/* Memory shared by the server and all executors. */
#define SHARED_CONTENTS 65535
#define SHARED_DRAINING 1u /* the server has taken events from the instance that it has not judged yet */
#define SHARED_STALE 2u    /* for ever */
struct shared {
    _Atomic uint32_t flags;
    _Atomic uint32_t changed;                   /* index of the entry that did it, plus one */
    _Atomic uint32_t turned_away;               /* calls */
    _Atomic uint64_t contents[SHARED_CONTENTS]; /* by entry; 0: not known */
};

/* Strings and numbers to a number: open addressing, hash 0 is a free slot. */
struct table {
    struct table_slot {
        uint64_t hash;
        uint32_t value;
    } * slots;
    size_t used, room;
};

struct stale {
    struct entry *entries;
    size_t count, room;
    uint32_t *files; /* indices of the regular files, for stale_file */
    size_t file_count, file_room;
    struct table known; /* kind and path to index */
    struct shared *shared;
    struct watching *watching;
    int instance;
    char *socket;
    uint64_t socket_device, socket_inode;
    uint64_t own_size; /* of the files that initialisation wrote and read */
    size_t settled;    /* entries before this one have their content remembered, or never will */
    enum stale_verdict verdict;
    size_t changed; /* index plus one, or 0 */
};

/* stale.c */
bool stale_add(struct stale *stale, enum entry_kind kind, const char *path,
               const struct pfi_signature *signature);
bool stale_add_entry(struct stale *stale, enum entry_kind kind, const char *path,
                     const struct pfi_signature *signature, bool own);
/* Reads the content now, instead of in an idle moment. False where it cannot, or is not what was signed. */
bool stale_remember(struct stale *stale, size_t index, const struct pfi_signature *signature);
/* For ever. */
void stale_set(struct stale *stale);

/* stale_made.c */

/* What became of a name that initialisation wrote, and what it did with it besides. */
#define MADE_READ 1u   /* opened it for reading, before or after */
#define MADE_MISSED 2u /* looked for it in vain */
#define MADE_FOUND 4u  /* found it there before it wrote it */
bool stale_add_made(struct stale *stale, const char *path, unsigned what);

/* stale_look.c */
uint64_t hash_bytes(uint64_t seed, const void *data, size_t size);
bool look(const char *path, bool follow, struct pfi_signature *signature);
/* Makes a network file system ask its server: it may otherwise answer for seconds from what it remembers. */
bool look_afresh(const char *path, bool follow, struct pfi_signature *signature);
bool same_stamps(const struct pfi_signature *a, const struct pfi_signature *b);
/* The content of a file, a link's target, a directory's names; and the signature that goes with it. False
 * when it changed meanwhile, cannot be read or is too large to be worth it. */
bool look_inside(const char *path, enum entry_kind kind, uint64_t *content, struct pfi_signature *signature);

/* stale_table.c */
bool table_put(struct table *table, uint64_t hash, uint32_t value);
bool table_get(const struct table *table, uint64_t hash, uint32_t *value);
void table_clear(struct table *table);

#endif
