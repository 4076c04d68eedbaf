import bench from './bench.config.js';

// What `cargo xtask parts` plays: the first seconds of every page, to note what they call.
export default { ...bench, testDir: './parts', testMatch: '*.notes.ts' };
