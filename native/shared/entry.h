/* Entries of the run directory: the lock of a name, and whether a server listens at a socket. Launcher,
 * server and management command ask in the same way. */
#ifndef PREFORK_ENTRY_H
#define PREFORK_ENTRY_H

#include <stdbool.h>
#include <sys/un.h>

/*
 * Takes the lock file of this name, which is made if it is missing, without waiting. Who held it before may
 * have removed it, and then it locks nothing: so it is looked whether it is still in place. What is no file
 * of ours that can be opened is removed first, as no call could ever get past it. Returns a descriptor, or -1
 * with errno: EWOULDBLOCK where somebody holds it.
 */
int entry_lock(int directory, const char *name);

void entry_unlock(int lock);

/* Whether this is a name of ours: a letter of those that entries begin with, and an ident. What an -g gave
 * may be any word, so such a one counts only where there is a lock file of it. */
bool entry_is_ours(int directory, const char *name);

/* Removes an entry of ours: a socket under the letter s, a file under any other. What else lies there is left
 * alone. False, with errno, where it could not be removed. */
bool entry_remove(int directory, const char *name);

/* Takes away whatever lies at a name that is about to be made anew, as it would be in the way for ever. A
 * folder that is not empty stays: false, with errno. */
bool entry_clear(int directory, const char *name);

/* CANNOT_TELL: the question was refused (too many descriptors, a sandbox). Nothing is removed then. */
enum presence { PRESENT, ABSENT, CANNOT_TELL };

/* Whether a server listens there. It does not notice. */
enum presence entry_presence(const struct sockaddr_un *address);

#endif
