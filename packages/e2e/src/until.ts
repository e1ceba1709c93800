// Waits for a thing itself: asks again until the check passes, and fails with what the check said last.

const INTERVAL = 5;

export async function until(check: () => void | Promise<void>, timeout = 15_000): Promise<void> {
  const deadline = performance.now() + timeout;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  }
}
