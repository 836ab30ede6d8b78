/* What a sandbox keeps from a server. */
#ifndef LAUNCHER_DENIED_H
#define LAUNCHER_DENIED_H

/* The name of a system call that a server and its forks need and that this process may not use, or null. */
const char *find_denied(void);

#endif
