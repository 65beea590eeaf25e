// See README.md.
@_exported import Foundation

@MainActor @preconcurrency public protocol View {
  associatedtype Body: View
  @ViewBuilder @MainActor @preconcurrency var body: Body { get }
}

extension Never: View {
  public var body: Never { fatalError() }
}

/// What views without a body of their own are.
public protocol PrimitiveView: View where Body == Never {}

extension PrimitiveView {
  public var body: Never { fatalError() }
}

extension Optional: View where Wrapped: View {
  public var body: Never { fatalError() }
}

public struct EmptyView: PrimitiveView {
  public init() {}
}

public struct TupleView<T>: PrimitiveView {}
public struct ConditionalView<A: View, B: View>: PrimitiveView {}

@resultBuilder public enum ViewBuilder {
  public static func buildExpression<Content: View>(_ content: Content) -> Content { content }
  public static func buildBlock() -> EmptyView { EmptyView() }
  public static func buildBlock<Content: View>(_ content: Content) -> Content { content }
  public static func buildBlock<each Content: View>(
    _ content: repeat each Content
  ) -> TupleView<(repeat each Content)> { fatalError() }
  public static func buildIf<Content: View>(_ content: Content?) -> Content? { content }
  public static func buildEither<A: View, B: View>(first: A) -> ConditionalView<A, B> {
    fatalError()
  }
  public static func buildEither<A: View, B: View>(second: B) -> ConditionalView<A, B> {
    fatalError()
  }
}

public struct LocalizedStringKey: ExpressibleByStringInterpolation {
  public init(stringLiteral value: String) {}
  public init(_ value: String) {}
}

public struct Text: PrimitiveView {
  public init(_ key: LocalizedStringKey) {}
  public init(verbatim content: String) {}
}

public struct Label: PrimitiveView {
  public init(_ titleKey: LocalizedStringKey, systemImage: String) {}
  @_disfavoredOverload
  public init(_ title: String, systemImage: String) {}
}

public struct ButtonRole: Sendable {
  public static let cancel = ButtonRole()
  public static let destructive = ButtonRole()
}

public struct Button: PrimitiveView {
  public init(_ titleKey: LocalizedStringKey, action: @escaping @MainActor () -> Void) {}
  public init(
    _ titleKey: LocalizedStringKey, role: ButtonRole?, action: @escaping @MainActor () -> Void
  ) {}
}

public struct List: PrimitiveView {
  public init<Content: View>(@ViewBuilder content: () -> Content) {}
}

public struct Form: PrimitiveView {
  public init<Content: View>(@ViewBuilder content: () -> Content) {}
}

public struct ForEach: PrimitiveView {
  public init<Items: RandomAccessCollection, ID: Hashable, Content: View>(
    _ data: Items, id: KeyPath<Items.Element, ID>,
    @ViewBuilder content: @escaping (Items.Element) -> Content
  ) {}
}

public struct Section: PrimitiveView {
  public init<Content: View>(
    _ titleKey: LocalizedStringKey, @ViewBuilder content: () -> Content
  ) {}
  @_disfavoredOverload
  public init<Content: View>(_ title: String, @ViewBuilder content: () -> Content) {}
  public init<Content: View>(@ViewBuilder content: () -> Content) {}
}

public struct HorizontalAlignment: Sendable {
  public static let leading = HorizontalAlignment()
}

public struct VStack: PrimitiveView {
  public init<Content: View>(
    alignment: HorizontalAlignment, spacing: Double? = nil, @ViewBuilder content: () -> Content
  ) {}
}

public struct LabeledContent: PrimitiveView {
  public init(_ titleKey: LocalizedStringKey, value: String) {}
  @_disfavoredOverload
  public init(_ title: String, value: String) {}
}

public struct NavigationStack: PrimitiveView {
  public init<Content: View>(@ViewBuilder root: () -> Content) {}
}

public struct TabView: PrimitiveView {
  public init<Content: View>(@ViewBuilder content: () -> Content) {}
}

public struct ProgressView: PrimitiveView {
  public init() {}
}

public struct TextEditor: PrimitiveView {
  public init(text: Binding<String>) {}
}

public struct Font: Sendable {
  public static let caption = Font()
  public static let headline = Font()
}

public struct SecondaryStyle: Sendable {}

public struct ModifiedView: PrimitiveView {}

extension View {
  public func font(_ font: Font?) -> ModifiedView { fatalError() }
  public func foregroundStyle(_ style: SecondaryStyle) -> ModifiedView { fatalError() }
  public func disabled(_ disabled: Bool) -> ModifiedView { fatalError() }
  public func navigationTitle(_ key: LocalizedStringKey) -> ModifiedView { fatalError() }
  public func privacySensitive(_ sensitive: Bool = true) -> ModifiedView { fatalError() }
  public func textSelection(_ selectability: TextSelectability) -> ModifiedView { fatalError() }
  public func tabItem<Content: View>(@ViewBuilder _ label: () -> Content) -> ModifiedView {
    fatalError()
  }
  public func task(_ action: @escaping @MainActor @Sendable () async -> Void) -> ModifiedView {
    fatalError()
  }
  public func sheet<Content: View>(
    isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil,
    @ViewBuilder content: @escaping () -> Content
  ) -> ModifiedView { fatalError() }
  public func interactiveDismissDisabled(_ isDisabled: Bool = true) -> ModifiedView {
    fatalError()
  }
}

extension SecondaryStyle {
  public static let secondary = SecondaryStyle()
}

public struct TextSelectability: Sendable {
  public static let enabled = TextSelectability()
}

@propertyWrapper public struct Binding<Value> {
  public init(get: @escaping () -> Value, set: @escaping (Value) -> Void) { fatalError() }
  public static func constant(_ value: Value) -> Binding<Value> { fatalError() }
  public var wrappedValue: Value {
    get { fatalError() }
    nonmutating set { fatalError() }
  }
  public var projectedValue: Binding<Value> { self }
}

@propertyWrapper public struct State<Value> {
  public init(wrappedValue: Value) {}
  public var wrappedValue: Value {
    get { fatalError() }
    nonmutating set { fatalError() }
  }
  public var projectedValue: Binding<Value> { fatalError() }
}

public protocol ObservableObject: AnyObject {}

@propertyWrapper public struct Published<Value> {
  public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
  public var wrappedValue: Value
}

@dynamicMemberLookup public struct ObjectBindings<Object: AnyObject> {
  public subscript<Subject>(
    dynamicMember keyPath: ReferenceWritableKeyPath<Object, Subject>
  ) -> Binding<Subject> { fatalError() }
}

@MainActor @preconcurrency @propertyWrapper public struct StateObject<Object: ObservableObject> {
  public init(wrappedValue: @autoclosure @escaping () -> Object) {}
  public var wrappedValue: Object { fatalError() }
  public var projectedValue: ObjectBindings<Object> { fatalError() }
}

@MainActor @preconcurrency @propertyWrapper
public struct ObservedObject<
  Object: ObservableObject
> {
  public init(wrappedValue: Object) { self.wrappedValue = wrappedValue }
  public var wrappedValue: Object
  public var projectedValue: ObjectBindings<Object> { fatalError() }
}

@MainActor @preconcurrency public protocol Scene {}

@resultBuilder public enum SceneBuilder {
  public static func buildBlock<Content: Scene>(_ content: Content) -> Content { content }
}

public struct WindowGroup: Scene {
  public init<Content: View>(@ViewBuilder content: () -> Content) {}
}

@MainActor @preconcurrency public protocol App {
  associatedtype Body: Scene
  @SceneBuilder @MainActor @preconcurrency var body: Body { get }
  @MainActor @preconcurrency init()
}

extension App {
  @MainActor public static func main() { fatalError() }
}

// Of Foundation, and not in it on Linux.
extension String {
  public struct LocalizationValue: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) {}
  }

  public init(localized keyAndValue: LocalizationValue) { fatalError() }
}
