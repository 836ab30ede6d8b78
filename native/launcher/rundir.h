/* The directory of sockets, locks and markers. */
#ifndef LAUNCHER_RUNDIR_H
#define LAUNCHER_RUNDIR_H

#include "call.h"

/* Finds it, makes it if `make` says so and need be, and opens it. Null, or why it cannot be used, with errno
 * (ENOENT: there is none). */
const char *find_rundir(struct call *call, bool make);

/* Finds it, makes it if need be and opens it; runs the script plainly if it cannot be used. */
void open_rundir(struct call *call);

/* A file in it: letter and ident (s socket, l lock, i information, u marker). */
struct entry_name {
    char text[sizeof(struct sockaddr_un)];
};
struct entry_name entry_name(const struct call *call, char letter);

/* Removes a file of it; that it is not there is no error. */
void remove_entry(const struct call *call, char letter);

#endif
