#include "standing.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "small_file.h"

#define PATH_SIZE 64

/* The kernel's encoding in /proc/PID/stat. */
static dev_t decode_device(unsigned encoded) {
    return makedev((encoded >> 8) & 0xfff, (encoded & 0xff) | ((encoded >> 12) & 0xfff00));
}

/* "PID (NAME) STATE PARENT GROUP SESSION TERMINAL FOREGROUND ...", and a name may hold anything. */
bool find_standing(pid_t client, struct standing *standing) {
    char path[PATH_SIZE], text[512], state;
    int group, terminal, foreground;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)client);
    if (!read_small(path, text, sizeof text)) return false;
    const char *fields = strrchr(text, ')');
    if (!fields || sscanf(fields, ") %c %*d %d %*d %d %d", &state, &group, &terminal, &foreground) != 4)
        return false;
    standing->stopped = state == 'T';
    standing->traced = state == 't';
    standing->background = terminal != 0 && foreground > 0 && foreground != group;
    standing->terminal = decode_device((unsigned)terminal);
    return true;
}

static bool leads_to(pid_t pid, int fd, dev_t terminal) {
    char path[PATH_SIZE];
    struct stat file;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
    if (stat(path, &file) != 0 || !S_ISCHR(file.st_mode)) return false;
    return file.st_rdev == terminal || file.st_rdev == makedev(5, 0); /* /dev/tty, opened by the caller */
}

/* "tfd: FD events: MASK ...", a line for each descriptor in it. */
static bool epoll_watches(pid_t pid, const char *fd, dev_t terminal) {
    char path[PATH_SIZE], line[256];
    unsigned target, events;
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/fdinfo/%.16s", (int)pid, fd);
    FILE *file = fopen(path, "re");
    if (!file) return false;
    while (!found && fgets(line, sizeof line, file))
        found = sscanf(line, "tfd: %u events: %x", &target, &events) == 2 && (events & EPOLLIN) &&
                leads_to(pid, (int)target, terminal);
    fclose(file);
    return found;
}

/* "NUMBER ARGUMENT ...", or a word where it runs. */
static bool thread_reads(pid_t pid, const char *thread, dev_t terminal) {
    char path[PATH_SIZE], text[256];
    long number;
    unsigned fd;
    snprintf(path, sizeof path, "/proc/%d/task/%.16s/syscall", (int)pid, thread);
    return read_small(path, text, sizeof text) && sscanf(text, "%ld 0x%x", &number, &fd) == 2 &&
           (number == SYS_read || number == SYS_readv) && leads_to(pid, (int)fd, terminal);
}

/* Whether the test holds for an entry of /proc/PID/FOLDER that is a number. */
static bool any_entry(pid_t pid, const char *folder, bool test(pid_t, const char *, dev_t), dev_t terminal) {
    char path[PATH_SIZE];
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, folder);
    DIR *list = opendir(path);
    if (!list) return false;
    for (struct dirent *entry; !found && (entry = readdir(list));)
        found = isdigit((unsigned char)entry->d_name[0]) && test(pid, entry->d_name, terminal);
    closedir(list);
    return found;
}

static bool is_epoll_that_watches(pid_t pid, const char *fd, dev_t terminal) {
    char path[PATH_SIZE], target[PATH_SIZE];
    snprintf(path, sizeof path, "/proc/%d/fd/%.16s", (int)pid, fd);
    ssize_t n = readlink(path, target, sizeof target - 1);
    target[n > 0 ? n : 0] = '\0';
    return !strcmp(target, "anon_inode:[eventpoll]") && epoll_watches(pid, fd, terminal);
}

bool reads_terminal(pid_t pid, dev_t terminal) {
    return any_entry(pid, "fd", is_epoll_that_watches, terminal) ||
           any_entry(pid, "task", thread_reads, terminal);
}
