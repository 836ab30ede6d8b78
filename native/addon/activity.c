#include "activity.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>

#define INTERVAL_MS 1000

static char information[sizeof((struct sockaddr_un *)0)->sun_path];

void activity_open(const char *socket) {
    const char *slash = socket ? strrchr(socket, '/') : NULL;
    if (!slash || slash[1] != 's' || strlen(socket) >= sizeof information) return;
    strcpy(information, socket);
    information[slash + 1 - socket] = 'i';
}

void activity_note(long long now_ms) {
    static long long noted_ms;
    if (!information[0] || (noted_ms && now_ms - noted_ms < INTERVAL_MS)) return;
    noted_ms = now_ms;
    utimensat(AT_FDCWD, information, NULL, AT_SYMLINK_NOFOLLOW);
}
