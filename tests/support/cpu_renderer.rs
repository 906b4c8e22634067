//! Renders egui on the CPU, so that pictures need neither a display nor a driver.
//!
//! A plain triangle rasteriser with the top-left rule on 1/256-pixel integers: the same input gives the same picture,
//! bit for bit, on every machine. Colours are blended premultiplied and in gamma space, as egui's own back ends do.

use std::collections::HashMap;

use egui::epaint::{Primitive, Vertex};
use egui::{Color32, Context, FullOutput, ImageData, TextureId, TexturesDelta};
use image::{Rgba, RgbaImage};

/// One texture: premultiplied texels, row by row.
#[derive(Default)]
struct Texture {
    width: usize,
    height: usize,
    texels: Vec<Color32>,
}

impl Texture {
    /// Bilinear sample at texture coordinates 0 to 1, clamped at the edges; channels 0 to 255.
    fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        if self.texels.is_empty() {
            return [255.0; 4];
        }
        let x = (u * self.width as f32 - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (v * self.height as f32 - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (x1, y1) = ((x0 + 1).min(self.width - 1), (y0 + 1).min(self.height - 1));
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let texel = |x: usize, y: usize| self.texels[y * self.width + x].to_array();
        let (a, b, c, d) = (texel(x0, y0), texel(x1, y0), texel(x0, y1), texel(x1, y1));
        std::array::from_fn(|i| {
            let top = f32::from(a[i]) * (1.0 - fx) + f32::from(b[i]) * fx;
            let bottom = f32::from(c[i]) * (1.0 - fx) + f32::from(d[i]) * fx;
            top * (1.0 - fy) + bottom * fy
        })
    }
}

/// The renderer to hand to `egui_kittest::Harness::builder().renderer(..)`.
#[derive(Default)]
pub struct Cpu {
    textures: HashMap<TextureId, Texture>,
}

impl egui_kittest::TestRenderer for Cpu {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for image in images {
                let ImageData::Color(pixels) = &image.image;
                let [width, height] = pixels.size;
                let texture = self.textures.entry(id).or_default();
                match image.pos {
                    None => {
                        *texture = Texture {
                            width,
                            height,
                            texels: pixels.pixels.clone(),
                        }
                    }
                    Some([left, top]) => {
                        for y in 0..height {
                            let to = (top + y) * texture.width + left;
                            texture.texels[to..to + width]
                                .copy_from_slice(&pixels.pixels[y * width..(y + 1) * width]);
                        }
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(&mut self, context: &Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = (context.content_rect().size() * scale).round();
        let mut canvas = Canvas::new(size.x as usize, size.y as usize);
        let fallback = Texture::default();
        for clipped in context.tessellate(output.shapes.clone(), scale) {
            let Primitive::Mesh(mesh) = &clipped.primitive else {
                continue;
            };
            let texture = self.textures.get(&mesh.texture_id).unwrap_or(&fallback);
            let clip = [
                (clipped.clip_rect.min.x * scale).round() as i64,
                (clipped.clip_rect.min.y * scale).round() as i64,
                (clipped.clip_rect.max.x * scale).round() as i64,
                (clipped.clip_rect.max.y * scale).round() as i64,
            ];
            for triangle in mesh.indices.chunks_exact(3) {
                let corners = [0, 1, 2].map(|i| mesh.vertices[triangle[i] as usize]);
                canvas.triangle(corners, scale, clip, texture);
            }
        }
        Ok(canvas.into_image())
    }
}

struct Canvas {
    width: i64,
    height: i64,
    /// Premultiplied, channels 0 to 255.
    pixels: Vec<[f32; 4]>,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Self {
        Self {
            width: width as i64,
            height: height as i64,
            pixels: vec![[0.0; 4]; width * height],
        }
    }

    fn triangle(&mut self, mut corners: [Vertex; 3], scale: f32, clip: [i64; 4], texture: &Texture) {
        let fixed = |value: f32| (value * scale * 256.0).round() as i64;
        let mut p = corners.map(|corner| [fixed(corner.pos.x), fixed(corner.pos.y)]);
        let area = |a: [i64; 2], b: [i64; 2], c: [i64; 2]| {
            (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        };
        let mut whole = area(p[0], p[1], p[2]);
        if whole == 0 {
            return;
        }
        if whole < 0 {
            p.swap(1, 2);
            corners.swap(1, 2);
            whole = -whole;
        }
        let bound = |axis: usize, least: bool| {
            let values = p.map(|point| point[axis]);
            if least {
                values.iter().min().map_or(0, |v| v >> 8)
            } else {
                values.iter().max().map_or(0, |v| (v >> 8) + 1)
            }
        };
        let left = bound(0, true).max(clip[0]).max(0);
        let top = bound(1, true).max(clip[1]).max(0);
        let right = bound(0, false).min(clip[2]).min(self.width);
        let bottom = bound(1, false).min(clip[3]).min(self.height);
        // An edge owns its pixels if it is a top or a left edge, so that neighbours never paint a pixel twice.
        let bias = |a: [i64; 2], b: [i64; 2]| {
            let is_top = a[1] == b[1] && b[0] > a[0];
            let is_left = b[1] < a[1];
            if is_top || is_left { 0 } else { -1 }
        };
        let biases = [bias(p[1], p[2]), bias(p[2], p[0]), bias(p[0], p[1])];
        // A mesh is mostly flat colour: no texture read where all three corners sit on the white texel.
        let is_flat = corners.iter().all(|corner| corner.uv == corners[0].uv);
        let flat_texel = texture.sample(corners[0].uv.x, corners[0].uv.y);
        let colours = corners.map(|corner| corner.color.to_array());
        let is_one_colour = colours[0] == colours[1] && colours[1] == colours[2];
        for y in top..bottom {
            for x in left..right {
                let point = [(x << 8) + 128, (y << 8) + 128];
                let w = [
                    area(p[1], p[2], point),
                    area(p[2], p[0], point),
                    area(p[0], p[1], point),
                ];
                if (0..3).any(|i| w[i] + biases[i] < 0) {
                    continue;
                }
                let share = w.map(|value| value as f32 / whole as f32);
                let texel = if is_flat {
                    flat_texel
                } else {
                    let mix = |f: fn(&Vertex) -> f32| (0..3).map(|i| f(&corners[i]) * share[i]).sum::<f32>();
                    texture.sample(mix(|corner| corner.uv.x), mix(|corner| corner.uv.y))
                };
                let source: [f32; 4] = std::array::from_fn(|channel| {
                    let colour = if is_one_colour {
                        f32::from(colours[0][channel])
                    } else {
                        (0..3).map(|i| f32::from(colours[i][channel]) * share[i]).sum()
                    };
                    colour * texel[channel] / 255.0
                });
                let pixel = &mut self.pixels[(y * self.width + x) as usize];
                let keep = 1.0 - source[3] / 255.0;
                for channel in 0..4 {
                    // Eight bits between layers, as on a screen: pictures then agree with the real window's.
                    pixel[channel] = (source[channel] + pixel[channel] * keep).round().min(255.0);
                }
            }
        }
    }

    fn into_image(self) -> RgbaImage {
        let width = self.width as u32;
        RgbaImage::from_fn(width, self.height as u32, |x, y| {
            let pixel = self.pixels[(y * width + x) as usize];
            let alpha = pixel[3];
            let straight = |value: f32| {
                if alpha <= 0.0 {
                    0
                } else {
                    (value * 255.0 / alpha).round().clamp(0.0, 255.0) as u8
                }
            };
            Rgba([
                straight(pixel[0]),
                straight(pixel[1]),
                straight(pixel[2]),
                alpha as u8,
            ])
        })
    }
}
