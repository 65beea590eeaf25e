package android.os

/** Takes the place of the framework's class, which asks the phone what it is. */
public class Build private constructor() {
    public object VERSION {
        @JvmField
        public var SDK_INT: Int = VERSION_CODES.UPSIDE_DOWN_CAKE
    }

    public object VERSION_CODES {
        public const val O: Int = 26
        public const val P: Int = 28
        public const val R: Int = 30
        public const val UPSIDE_DOWN_CAKE: Int = 34
    }
}
