let calls = 0;
export const greet = (name) => `hello ${name}`;
export const times = () => ++calls;
