/*
 * What server, executors and watcher have to say: a line in the log file, and one for syslog. docs/log.md
 * says what a line looks like and which way it goes. Nothing here waits, and nothing fails: a line that
 * cannot be written is lost, and that is all.
 */
#ifndef PREFORK_LOG_H
#define PREFORK_LOG_H

#include <stdbool.h>
#include <sys/types.h>

struct log_options {
    const char *script;
    int facility;       /* as in syslog.h, shifted; -1: nothing goes to syslog */
    const char *socket; /* where syslog listens */
    int watcher;        /* write end of the stdin of a watcher that passes lines on, or -1 */
};

/* Finds out where the file is. To be called before the script runs, as it may change HOME. */
void log_find_file(void);

/* The strings are kept, not copied. */
void log_open(const struct log_options *options);

/* Says a line; severity as in syslog.h. errno stays as it was. */
void log_line(int severity, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Which socket the watcher is to watch. The path is copied; null: none. */
void log_watch(const char *path);

/* In the server, when the watcher may start: tells it what it needs to know, once. */
void log_greet_watcher(void);

/* Makes descriptors 1 and 2 of the server lead to the log, once: through the watcher where there is one,
 * which makes lines of what comes, else straight into the file. To be called when Node has made of them what
 * it makes of /dev/null: a pipe it would put into its event loop. */
void log_take_output(void);

/* In a spare: the watcher is reached over descriptor 2, and 1 is /dev/null again, as 0 is, for the rehearsal.
 */
void log_in_spare(void);

/* In a process that becomes a call: descriptor 2 is the caller's from here on. */
void log_leave_output(void);

/* Bytes that the longest message for syslog takes. */
#define LOG_MESSAGE_MAX 2176

/* For the watcher: writes to the file what another process has said; what syslog is to be sent for it; sends
 * that, and returns whether it could be sent without waiting. */
void log_append(pid_t pid, const char *script, const char *text);
void log_syslog_message(int priority, pid_t pid, const char *script, const char *text, char *message,
                        size_t room);
bool log_send(const char *socket, const char *message);

#endif
