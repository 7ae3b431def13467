//===- Pins.h - Parts that keep the whole alive -------------------------------------------------------------------===//
//
// A shared pointer made by the aliasing constructor leads to one thing and keeps another one:
//
//     rows.push_back(std::shared_ptr<Row>(batch, &batch->rows[i]));      // rows[] leads to a row, keeps the batch
//
// As a share loan on the whole and a reference to a part of it lie in one cell, the state at the end of a function
// tells. Reported are cells that outlive the function, where the part is an element of the whole, or where many of the
// whole's parts are collected in a container; and where no other such cell keeps the whole itself, which would be meant
// so.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace refleak {

struct Solved;

/// Appends an event of the kind Pinned to the solution of each function that stores such a pointer.
void findPins(Solved &Program);

} // namespace refleak
