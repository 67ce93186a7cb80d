/** @file The study's images as thumbnails with their held-out probability, and the way to upload another. */
import { createMemo, createSignal, For, Show } from "solid-js";
import { fixed } from "../../../src/util/format-number.ts";
import { pictureUrl, type Study, type StudyImage } from "../api.ts";
import { arrangeImages, errorOf, ORDERS, type Order } from "./arrange-images.ts";

export function ImagePicker(props: {
  study: Study;
  images: StudyImage[];
  chosen: string | File | undefined;
  choose: (image: string | File) => void;
}) {
  const [label, setLabel] = createSignal("");
  const [order, setOrder] = createSignal<Order>("name");
  const positive = () => props.study.classes[1];
  const listed = createMemo(() => arrangeImages(props.images, positive(), label(), order()));
  return (
    <div class="picker">
      <Upload chosen={props.chosen} choose={props.choose} />
      <div class="picker-head">
        <h3 id="picker-heading">Study images</h3>
        <label>
          <span class="hidden">Class</span>
          <select onChange={(event) => setLabel(event.currentTarget.value)}>
            <option value="">all {props.images.length}</option>
            <For each={props.study.classes}>{(name) => <option value={name}>{name}</option>}</For>
          </select>
        </label>
        <label>
          <span class="hidden">Order</span>
          <select onChange={(event) => setOrder(event.currentTarget.value as Order)}>
            <For each={Object.entries(ORDERS)}>{([name, words]) => <option value={name}>{words}</option>}</For>
          </select>
        </label>
      </div>
      <p class="note">
        Number: probability of <i>{positive()}</i> by the model that held the image out, underlined where it is on the wrong side of 0.5.
        Mark: recorded class.
      </p>
      <div class="thumbs" role="radiogroup" aria-labelledby="picker-heading">
        <For each={listed()} fallback={<p class="waiting">The study recorded no images of this class.</p>}>
          {(image) => (
            <label class="thumb" classList={{ wrong: errorOf(image, positive()) > 0.5 }}>
              <input type="radio" name="image" checked={props.chosen === image.image} onChange={() => props.choose(image.image)} />
              <img
                src={pictureUrl(props.study.runId, image.image)}
                alt=""
                width={props.study.imageSize}
                height={props.study.imageSize}
                loading="lazy"
              />
              <span class="hidden">
                {image.image}, {image.label},
              </span>
              <span class="thumb-foot">
                <span class="dot" classList={{ positive: image.label === positive() }} aria-hidden="true" />
                {fixed(image.probability, 2)}
              </span>
            </label>
          )}
        </For>
      </div>
    </div>
  );
}

function Upload(props: { chosen: string | File | undefined; choose: (file: File) => void }) {
  const [over, setOver] = createSignal(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) props.choose(file);
  };
  return (
    <label
      class="upload"
      classList={{ over: over() }}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <input
        type="file"
        accept="image/png,image/jpeg,image/tiff,image/bmp"
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = ""; // the same file may be chosen again
        }}
      />
      <b>Upload an image</b>
      <span>
        <Show when={props.chosen instanceof File && props.chosen} fallback="PNG, JPEG, TIFF or BMP; it stays on this machine">
          {(file) => file().name}
        </Show>
      </span>
    </label>
  );
}
