// The Android library. Its Kotlin is that of the folder above: the generated source and what is written by hand.

plugins {
    id("com.android.library") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.3.0"
    id("maven-publish")
}

group = "org.llavero"
version = "0.1.0"

android {
    namespace = "org.llavero"
    compileSdk = 36

    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
        ndk {
            // What src/main/jniLibs holds.
            abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64")
        }
    }

    sourceSets["main"].kotlin.srcDirs("../src/main/kotlin", "src/main/kotlin")

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }

    lint {
        lintConfig = file("lint.xml")
        warningsAsErrors = true
    }

    publishing {
        singleVariant("release") { withSourcesJar() }
    }
}

kotlin {
    compilerOptions {
        allWarningsAsErrors.set(true)
    }
}

dependencies {
    // The @aar has JNA's own native code for phones, which the jar has not.
    api("net.java.dev.jna:jna:5.19.1@aar")
}

// A library without its native code would fail only when an app starts.
val nativeCode = tasks.register("checkNativeCode") {
    val libraries = listOf("arm64-v8a", "armeabi-v7a", "x86_64").map { file("src/main/jniLibs/$it/libllavero_ffi.so") }
    inputs.files(libraries)
    doLast {
        val missing = libraries.filterNot { it.isFile }
        check(missing.isEmpty()) { "missing: $missing; README.md says how to build them" }
    }
}
tasks.named("preBuild") { dependsOn(nativeCode) }

publishing {
    publications {
        register<MavenPublication>("release") {
            artifactId = "llavero-android"
            afterEvaluate { from(components["release"]) }
        }
    }
}
