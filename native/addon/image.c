#include "image.h"

#include <link.h>

struct search {
    uintptr_t address;
    struct image image;
};

static int look(struct dl_phdr_info *info, size_t size, void *argument) {
    struct search *search = argument;
    struct image image = {.start = UINTPTR_MAX};
    (void)size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD) continue;
        uintptr_t start = info->dlpi_addr + segment->p_vaddr, end = start + segment->p_memsz;
        if (start < image.start) image.start = start;
        if (end > image.end) image.end = end;
        if (segment->p_flags & PF_W) {
            image.data = start;
            image.data_end = end;
        }
    }
    if (search->address < image.start || search->address >= image.end) return 0;
    search->image = image;
    return 1;
}

bool image_of(const void *address, struct image *image) {
    struct search search = {.address = (uintptr_t)address};
    bool found = dl_iterate_phdr(look, &search) != 0;
    *image = search.image;
    return found;
}
