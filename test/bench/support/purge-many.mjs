export async function manyDays() { /* below */ }
