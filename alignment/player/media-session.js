/** The lock screen and headset keys. */

/** @import { Sound } from "./audio.js" */
/** @import { Actions } from "./keys.js" */

/**
 * @param {Sound} sound
 * @param {Actions} actions
 * @param {(seconds: number) => void} seek
 * @param {AbortSignal} signal
 * @returns {(about: {title: string, artist: string | null, artwork: string | null}) => void} says what is played
 */
export function mediaSession(sound, actions, seek, signal) {
  const session = navigator.mediaSession;
  if (!session) return () => {};
  /** @type {[MediaSessionAction, MediaSessionActionHandler][]} */
  const handlers = [
    ["play", () => sound.play()],
    ["pause", () => sound.pause()],
    ["seekbackward", (details) => actions.skip(-(details.seekOffset ?? 15))],
    ["seekforward", (details) => actions.skip(details.seekOffset ?? 30)],
    ["seekto", (details) => seek(details.seekTime ?? 0)],
    ["previoustrack", () => actions.goToLine(-1)],
    ["nexttrack", () => actions.goToLine(1)],
  ];
  for (const [action, handler] of handlers) session.setActionHandler(action, handler);
  const tell = () => {
    const { duration, position } = sound;
    if (duration === null) return;
    session.setPositionState({
      duration,
      position: Math.min(duration, position),
      playbackRate: sound.element.playbackRate,
    });
  };
  for (const type of ["loadedmetadata", "seeked", "ratechange", "play", "pause"]) {
    sound.element.addEventListener(type, tell, { signal });
  }
  signal.addEventListener("abort", () => {
    for (const [action] of handlers) session.setActionHandler(action, null);
    session.metadata = null;
  });
  return ({ title, artist, artwork }) => {
    session.metadata = new MediaMetadata({
      title,
      artist: artist ?? "",
      artwork: artwork ? [{ src: artwork }] : [],
    });
  };
}
