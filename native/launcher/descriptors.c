#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include "say.h"

/* poll() says POLLNVAL for an O_PATH descriptor too: looked at again, so that what is there is not
 * overwritten. */
static void open_standard(int fd) {
    if (fcntl(fd, F_GETFD) >= 0) return;
    if (open("/dev/null", O_RDWR) != fd)
        die("cannot open /dev/null as descriptor %d: %s", fd, strerror(errno));
}

/* Where a sandbox forbids poll(). */
static void ask_one_by_one(struct pollfd *polled, size_t count) {
    for (size_t i = 0; i < count; i++)
        polled[i].revents = fcntl((int)i, F_GETFD) < 0 ? POLLNVAL : 0;
}

void find_descriptors(struct descriptors *descriptors, size_t soft_limit) {
    struct pollfd polled[DESCRIPTORS_LOOKED_AT];
    size_t count = soft_limit < DESCRIPTORS_LOOKED_AT ? soft_limit : DESCRIPTORS_LOOKED_AT;
    for (size_t i = 0; i < count; i++)
        polled[i] = (struct pollfd){.fd = (int)i};
    descriptors->extra_count = 0;
    if (poll(polled, count, 0) < 0) ask_one_by_one(polled, count);
    for (size_t i = 0; i < count; i++) {
        if (i < 3) {
            if (polled[i].revents & POLLNVAL) open_standard((int)i);
        } else if (!(polled[i].revents & POLLNVAL)) {
            descriptors->extra[descriptors->extra_count++] = (int)i;
        }
    }
}
