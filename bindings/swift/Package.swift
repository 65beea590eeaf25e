// swift-tools-version: 6.0

import PackageDescription

#if os(Linux)
  // The library that Cargo built. LIBRARY_PATH says where it is when linking, LD_LIBRARY_PATH when running.
  let ffi = Target.target(name: "LlaveroFFI", linkerSettings: [.linkedLibrary("llavero_ffi")])
  // The key store of the tests. On Apple's systems it is CryptoKit.
  let keyStore: [Target] = [.systemLibrary(name: "COpenSSL", path: "Tests/COpenSSL")]
  let keyStoreOfTests: [Target.Dependency] = ["COpenSSL"]
#else
  // `cargo xtask package ios` makes the framework here. A release names it by address and checksum instead:
  //   .binaryTarget(name: "LlaveroFFI", url: "https://…/LlaveroFFI.xcframework.zip", checksum: "…")
  let ffi = Target.binaryTarget(name: "LlaveroFFI", path: "LlaveroFFI.xcframework")
  let keyStore: [Target] = []
  let keyStoreOfTests: [Target.Dependency] = []
#endif

let package = Package(
  name: "Llavero",
  platforms: [.iOS(.v16), .macOS(.v13)],
  products: [
    .library(name: "Llavero", targets: ["Llavero"]),
    .executable(name: "llavero-demo", targets: ["llavero-demo"]),
  ],
  targets: keyStore + [
    ffi,
    .target(name: "Llavero", dependencies: ["LlaveroFFI"]),
    .executableTarget(name: "llavero-demo", dependencies: ["Llavero"], path: "Samples/demo"),
    .executableTarget(name: "llavero-bench", dependencies: ["Llavero"], path: "Benchmarks"),
    .testTarget(name: "LlaveroTests", dependencies: ["Llavero"] + keyStoreOfTests),
  ],
  // The library calls into the app through synchronous protocols only, which Swift 6 can check.
  swiftLanguageModes: [.v6]
)
