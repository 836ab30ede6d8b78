#include "package.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool find_in_package(int above, const char *name, char *path, size_t room) {
    ssize_t length = readlink("/proc/self/exe", path, room - 1);
    if (length <= 0) return false;
    path[length] = '\0';
    for (; above >= 0; above--) {
        char *slash = strrchr(path, '/');
        if (!slash) return false;
        *slash = '\0';
    }
    size_t used = strlen(path);
    int more = snprintf(path + used, room - used, "/%s", name);
    return more > 0 && (size_t)more < room - used && access(path, R_OK) == 0;
}
