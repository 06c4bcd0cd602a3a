/* Does not compile. */
int main(void) {
    int answer = 42;
    return answr;
}
