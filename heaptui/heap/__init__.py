"""A Snapshot becomes a Heap: what DevTools computes of it."""

from heaptui.heap.heap import Heap as Heap
from heaptui.heap.heap import build_heap as build_heap
from heaptui.heap.heap import load_heap as load_heap
from heaptui.heap.heap import load_light as load_light
from heaptui.heap.light import LightHeap as LightHeap
