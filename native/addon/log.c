#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define DIRECTORY "prefork-interp-node"
#define FILE_NAME "log"
/* Beyond this the file becomes log.1, and what log.1 was is gone. */
#define FILE_MAX (1 << 20)
/* A message, and a script's path in a message. A whole record must fit into PIPE_BUF (4096): then it is
 * written at once or not at all. */
#define TEXT_MAX 1024
#define SCRIPT_MAX 1024
_Static_assert(LOG_MESSAGE_MAX == TEXT_MAX + SCRIPT_MAX + 128, ""); /* what stands before them */
/* What the watcher reads: docs/log.md. */
#define RECORD_LINE "\n\x1e"
#define RECORD_GREETING "\n\x1f"
#define RECORD_SOCKET "\n\x1d"

extern char **environ;

static char base[PATH_MAX]; /* what the log lies below; empty: there is none */
static bool in_home;
static struct log_options options = {.script = "", .facility = -1, .watcher = -1};
static char watched[sizeof(struct sockaddr_un) + 64]; /* device:inode, a space, the path of the socket */
static int watcher = -1;                              /* once there is a server for it to watch */

/* Not by getenv: the observer would note that initialisation asked for it. */
static const char *variable(const char *name) {
    size_t length = strlen(name);
    for (char **one = environ; one && *one; one++)
        if (strncmp(*one, name, length) == 0 && (*one)[length] == '=') return *one + length + 1;
    return "";
}

static bool set_base(const char *path) {
    int length = snprintf(base, sizeof base, "%s", path);
    if (*path == '/' && (size_t)length < sizeof base) return true;
    base[0] = '\0';
    return false;
}

void log_find_file(void) {
    in_home = !set_base(variable("XDG_STATE_HOME"));
    if (in_home) set_base(variable("HOME"));
}

void log_open(const struct log_options *given) {
    options = *given;
}

static void clean(char *text, size_t most);
static bool tell_watcher(const char *record, size_t length);

void log_line(int severity, const char *format, ...) {
    int error = errno;
    char text[TEXT_MAX], line[TEXT_MAX + 64], message[LOG_MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    clean(text, sizeof text);
    log_append(getpid(), options.script, text);
    int length = snprintf(line, sizeof line, RECORD_LINE "%d %d %s\n", severity, (int)getpid(), text);
    if (options.facility >= 0 && !tell_watcher(line, (size_t)length)) {
        log_syslog_message(options.facility | severity, getpid(), options.script, text, message,
                           sizeof message);
        log_send(options.socket, message);
    }
    errno = error;
}

/* A line is a line, and a terminal that shows it stays as it was. */
static void clean(char *text, size_t most) {
    size_t length = strnlen(text, most - 1);
    text[length] = '\0';
    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127) *c = '?';
}

/* False when there is no watcher, or it does not read: then the line goes its own way. */
static bool tell_watcher(const char *record, size_t length) {
    if (watcher < 0) return false;
    ssize_t written;
    do {
        written = write(watcher, record, length);
    } while (written < 0 && errno == EINTR);
    return written == (ssize_t)length;
}

void log_watch(const char *path) {
    struct stat file;
    if (!path || strchr(path, '\n') || lstat(path, &file) != 0) return;
    snprintf(watched, sizeof watched, "%llu:%llu %s", (unsigned long long)file.st_dev,
             (unsigned long long)file.st_ino, path);
}

void log_greet_watcher(void) {
    static bool greeted;
    char script[SCRIPT_MAX], greeting[SCRIPT_MAX + sizeof watched + PATH_MAX / 2];
    if (greeted || watcher < 0) return;
    snprintf(script, sizeof script, "%s", options.script);
    clean(script, sizeof script);
    int length = snprintf(greeting, sizeof greeting, RECORD_SOCKET "%s" RECORD_GREETING "%d %d %.107s\t%s\n",
                          watched, (int)getpid(), options.facility, options.socket, script);
    greeted = tell_watcher(greeting, (size_t)length);
}

static int open_directory(void);
static int open_file(int directory);
static void rotate(int directory, int descriptor);

void log_append(pid_t pid, const char *script, const char *text) {
    char line[TEXT_MAX + SCRIPT_MAX + 128], name[SCRIPT_MAX], body[TEXT_MAX], date[32];
    struct timespec now;
    struct tm utc;
    struct stat file;
    int directory = open_directory(), descriptor = open_file(directory);
    if (descriptor < 0) {
        if (directory >= 0) close(directory);
        return;
    }
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(name, sizeof name, "%s", script);
    clean(name, sizeof name);
    snprintf(body, sizeof body, "%s", text);
    clean(body, sizeof body);
    int length = snprintf(line, sizeof line, "%s.%03ldZ %d %s: %s\n", date, now.tv_nsec / 1000000, (int)pid,
                          name, body);
    if (write(descriptor, line, (size_t)length) > 0 && fstat(descriptor, &file) == 0 &&
        file.st_size > FILE_MAX)
        rotate(directory, descriptor);
    close(descriptor);
    close(directory);
}

static bool is_ours(int directory) {
    struct stat file;
    return fstat(directory, &file) == 0 && file.st_uid == geteuid();
}

/* From a directory, which is closed, into one below, which is made if it is missing; but not in a directory
 * of somebody else. */
static int step_into(int directory, const char *name, int how) {
    if (directory < 0) return -1;
    int next = openat(directory, name, O_PATH | O_DIRECTORY | O_CLOEXEC | how);
    if (next < 0 && errno == ENOENT && is_ours(directory) &&
        (mkdirat(directory, name, 0700) == 0 || errno == EEXIST))
        next = openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    close(directory);
    return next;
}

/* XDG_STATE_HOME may be missing, and what is above it too. */
static int open_base(void) {
    char path[PATH_MAX], *rest = path;
    int directory = open(base, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0 || errno != ENOENT || in_home) return directory;
    memcpy(path, base, sizeof path);
    directory = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (char *name; (name = strtok_r(rest, "/", &rest));)
        directory = step_into(directory, name, 0);
    return directory;
}

/* Root may have been left the home of a user (sudo -E): what it made there would be in that user's way, and
 * that user's links would lead it anywhere. So nothing is made below a home that is not ours, and no link is
 * followed there. */
static int open_directory(void) {
    int directory = base[0] ? open_base() : -1;
    if (directory >= 0 && in_home) {
        if (!is_ours(directory)) {
            close(directory);
            return -1;
        }
        directory = step_into(directory, ".local", O_NOFOLLOW);
        directory = step_into(directory, "state", O_NOFOLLOW);
    }
    directory = step_into(directory, DIRECTORY, O_NOFOLLOW);
    if (directory < 0 || is_ours(directory)) return directory;
    close(directory);
    return -1;
}

/* Opened for each line: they are rare, and so a file that was renamed or removed is left at once. */
static int open_file(int directory) {
    const int how = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    struct stat file;
    int descriptor = directory < 0 ? -1 : openat(directory, FILE_NAME, how, 0600);
    if (descriptor < 0) return -1;
    if (fstat(descriptor, &file) == 0 && S_ISREG(file.st_mode) && file.st_uid == geteuid()) return descriptor;
    close(descriptor);
    return -1;
}

/* One of those who find it too long renames it. Who has it open still writes its line into log.1. */
static void rotate(int directory, int descriptor) {
    struct stat opened, named;
    if (flock(descriptor, LOCK_EX | LOCK_NB) < 0) return;
    if (fstat(descriptor, &opened) == 0 && fstatat(directory, FILE_NAME, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
        opened.st_dev == named.st_dev && opened.st_ino == named.st_ino)
        renameat(directory, FILE_NAME, directory, FILE_NAME ".1");
    flock(descriptor, LOCK_UN);
}

void log_syslog_message(int priority, pid_t pid, const char *script, const char *text, char *message,
                        size_t room) {
    char date[32];
    time_t now = time(NULL);
    struct tm here;
    localtime_r(&now, &here);
    strftime(date, sizeof date, "%b %e %H:%M:%S", &here);
    snprintf(message, room, "<%d>%s prefork-interp[%d]: %.*s: %s", priority, date, (int)pid, SCRIPT_MAX - 1,
             script, text);
    clean(message, room);
}

/* One socket for each line, as they are rare and a syslog that was started anew is a new socket. */
bool log_send(const char *path, const char *message) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!path || strlen(path) >= sizeof address.sun_path) return false;
    strcpy(address.sun_path, path);
    int sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (sender < 0) return false;
    bool sent = sendto(sender, message, strlen(message), MSG_NOSIGNAL, (struct sockaddr *)&address,
                       sizeof address) >= 0;
    close(sender);
    return sent;
}

/* Non-blocking at our end alone: a watcher that is stopped holds nobody up. */
void log_take_output(void) {
    static bool taken;
    int output = options.watcher;
    if (taken) return;
    taken = true;
    if (output >= 0) {
        int flags = fcntl(output, F_GETFL);
        if (flags < 0 || fcntl(output, F_SETFL, flags | O_NONBLOCK) < 0) return;
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        watcher = output;
        return;
    }
    int directory = open_directory();
    output = open_file(directory);
    if (directory >= 0) close(directory);
    if (output < 0) return;
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    close(output);
}

void log_in_spare(void) {
    dup2(STDIN_FILENO, STDOUT_FILENO);
    if (watcher >= 0) watcher = STDERR_FILENO;
}

void log_leave_output(void) {
    watcher = -1;
}
