/* When this server was last used, for launchers that look for the one that has been idle longest. */
#ifndef PREFORK_ACTIVITY_H
#define PREFORK_ACTIVITY_H

/* The path of the server's socket, which has its information file beside it. */
void activity_open(const char *socket);

/* The information file's modification time becomes now, at most once a second: one short system call, made by
 * the server and not by a call, that no watch of the run directory tells of. */
void activity_note(long long now_ms);

#endif
