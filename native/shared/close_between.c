#include "close_between.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* For kernels before 5.9 and sandboxes that do not know the call. Closing while listing is safe if it is
 * listed again until nothing is left. */
static void close_listed(int first, int last) {
    for (int closed = 1; closed;) {
        closed = 0;
        DIR *list = opendir("/proc/self/fd");
        if (!list) return;
        for (struct dirent *entry; (entry = readdir(list));) {
            int fd = atoi(entry->d_name);
            if (*entry->d_name != '.' && fd >= first && fd <= last && fd != dirfd(list) && close(fd) == 0)
                closed = 1;
        }
        closedir(list);
    }
}

void close_between(int first, int last) {
    if (first > last) return;
#ifdef SYS_close_range
    if (syscall(SYS_close_range, (unsigned)first, last == INT_MAX ? ~0u : (unsigned)last, 0u) == 0) return;
#endif
    close_listed(first, last);
}
