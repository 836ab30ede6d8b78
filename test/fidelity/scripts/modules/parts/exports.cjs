exports.name = 'exported';
exports.path = __filename.split('/').at(-1);
