#include "activity.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The last line of the file, always of the same length (lib/server/information.ts makes it). */
#define COUNTS "%010" PRIu64 " %06zu\n"
#define COUNTS_SIZE 18
#define MOST_CALLS 9999999999u
#define MOST_RUNNING 999999u

static struct {
    char path[sizeof((struct sockaddr_un *)0)->sun_path];
    struct stat file; /* as it was first found: a successor's at the same path is not ours to write into */
} activity;

void activity_open(const char *socket) {
    const char *slash = socket ? strrchr(socket, '/') : NULL;
    if (!slash || slash[1] != 's' || strlen(socket) >= sizeof activity.path) return;
    strcpy(activity.path, socket);
    activity.path[slash + 1 - socket] = 'i';
}

static bool is_ours(int information) {
    struct stat file;
    if (fstat(information, &file) != 0 || !S_ISREG(file.st_mode) || file.st_size < COUNTS_SIZE) return false;
    if (!activity.file.st_ino) activity.file = file;
    return file.st_dev == activity.file.st_dev && file.st_ino == activity.file.st_ino;
}

/* Where it cannot be written, `prefork ls` shows older counts: calls matter more. */
void activity_note(uint64_t calls, size_t running) {
    char counts[COUNTS_SIZE + 1];
    if (!activity.path[0]) return;
    int information = open(activity.path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (information < 0) return;
    snprintf(counts, sizeof counts, COUNTS, calls < MOST_CALLS ? calls : MOST_CALLS,
             running < MOST_RUNNING ? running : (size_t)MOST_RUNNING);
    if (is_ours(information) &&
        pwrite(information, counts, COUNTS_SIZE, activity.file.st_size - COUNTS_SIZE) < 0)
        activity.path[0] = '\0'; /* no room: not tried again */
    close(information);
}
