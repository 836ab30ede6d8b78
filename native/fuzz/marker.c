/* The marker of a script that cannot be forked. Its files are looked for in the driver's own folder. */
#include "launcher/marker.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "harness.h"
#include "launcher/rundir.h"

static struct call call;

struct entry_name entry_name(const struct call *of, char letter) {
    (void)of;
    (void)letter;
    return (struct entry_name){.text = FUZZ_FILE};
}

void remove_entry(const struct call *of, char letter) {
    (void)of;
    (void)letter;
}

static void parse(void) {
    check_marker(&call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    call.directory_fd = fuzz_folder();
    fuzz_write(data, size);
    fuzz_run(parse);
    return 0;
}
